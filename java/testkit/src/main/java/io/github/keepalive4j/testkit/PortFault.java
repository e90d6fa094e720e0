package io.github.keepalive4j.testkit;

import java.io.IOException;
import java.util.List;

/**
 * A silent cut without nftables: a host's port leaves the bridge.
 *
 * <p>Meanwhile the hardware addresses are fixed. Once a kernel looked for a host and didn't find
 * it, it would tell its programs that the host is unreachable, and the cut would not be silent.
 */
final class PortFault {
  private final Bridge bridge;
  private final Host host;
  private final List<Host> others;

  PortFault(Bridge bridge, Host host, List<Host> others) {
    this.bridge = bridge;
    this.host = host;
    this.others = others;
  }

  /** Is called before {@link #inflict}, so that the moment of the fault is known more precisely. */
  PortFault prepare() throws IOException {
    for (Host other : others) {
      host.link().fixNeighbour(other);
      other.link().fixNeighbour(host);
    }
    return this;
  }

  void inflict() throws IOException {
    bridge.cut(host);
  }

  void undo() throws IOException {
    bridge.restore(host);
    for (Host other : others) {
      host.link().releaseNeighbour(other);
      other.link().releaseNeighbour(host);
    }
  }
}
