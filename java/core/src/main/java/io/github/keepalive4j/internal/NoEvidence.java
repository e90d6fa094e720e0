package io.github.keepalive4j.internal;

import io.github.keepalive4j.TcpInfo;
import java.util.OptionalLong;

/** Stands for evidence that the kernel can't give. */
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
