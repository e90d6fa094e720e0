package io.github.keepalive4j.internal;

import io.github.keepalive4j.TcpInfo;
import java.util.OptionalLong;

/** Stands where the kernel's evidence can't be had. */
public enum NoEvidence implements Evidence {
  INSTANCE;

  @Override
  public OptionalLong lastHeardNs() {
    return OptionalLong.empty();
  }

  @Override
  public TcpInfo tcpInfo() {
    return null;
  }
}
