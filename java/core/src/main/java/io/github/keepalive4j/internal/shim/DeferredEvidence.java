package io.github.keepalive4j.internal.shim;

import io.github.keepalive4j.TcpInfo;
import io.github.keepalive4j.internal.Evidence;
import java.util.OptionalLong;

/** Evidence of a link that has ended, read only when asked for. */
final class DeferredEvidence implements Evidence {
  private final ShimLink link;
  private final long verdictNs;
  private Evidence captured; // guarded by this; null until it is read

  DeferredEvidence(ShimLink link, long verdictNs) {
    this.link = link;
    this.verdictNs = verdictNs;
  }

  @Override
  public void capture() {
    read();
  }

  @Override
  public OptionalLong lastHeardNs() {
    return read().lastHeardNs();
  }

  @Override
  public TcpInfo tcpInfo() {
    return read().tcpInfo();
  }

  private synchronized Evidence read() {
    if (captured == null) {
      captured = link.evidence(verdictNs);
    }
    return captured;
  }
}
