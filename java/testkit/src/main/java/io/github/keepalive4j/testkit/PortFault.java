package io.github.keepalive4j.testkit;

import java.io.IOException;

/**
 * A silent cut without nftables: a host's port leaves the bridge.
 *
 * <p>Meanwhile the hardware addresses are fixed. Once a kernel looked for a host and didn't find
 * it, it would tell its programs that the host is unreachable, and the cut would not be silent.
 */
final class PortFault {
  private PortFault() {}

  /** Is called before {@link #inflict}, so that the moment of the fault is known more precisely. */
  static void prepare(Nic nic) throws IOException {
    for (Nic other : nic.peers()) {
      nic.link().fixNeighbour(other);
      other.link().fixNeighbour(nic);
    }
  }

  static void inflict(Nic nic) throws IOException {
    nic.network().bridge().cut(nic);
  }

  static void undo(Nic nic) throws IOException {
    nic.network().bridge().restore(nic);
    for (Nic other : nic.peers()) {
      nic.link().releaseNeighbour(other);
      other.link().releaseNeighbour(nic);
    }
  }
}
