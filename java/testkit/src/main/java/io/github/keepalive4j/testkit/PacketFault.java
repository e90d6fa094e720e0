package io.github.keepalive4j.testkit;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A verdict on the packets of one or more paths between hosts, given by nftables. What a host sends
 * is judged where it arrives: a packet dropped by its own host would be reported to the sender, one
 * lost on the wire is not.
 */
final class PacketFault {
  /** What comes in at a host's NIC, from one other or, when that is null, from all. */
  record Path(Nic to, @Nullable Nic from) {}

  private record Installed(Host at, String table) {}

  private final List<Path> paths;
  private final String verdict;
  private final Deque<Installed> installed = new ArrayDeque<>();

  PacketFault(List<Path> paths, String verdict) {
    this.paths = paths;
    this.verdict = verdict;
  }

  void inflict() throws IOException {
    for (Path path : paths) {
      String match =
          path.from() == null ? "" : "ether saddr " + path.from().hardwareAddress() + " ";
      String table = path.to().host().firewall().add(path.to().device(), match + verdict);
      installed.push(new Installed(path.to().host(), table));
    }
  }

  void undo() throws IOException {
    while (!installed.isEmpty()) {
      Installed last = installed.pop();
      last.at().firewall().remove(last.table());
    }
  }
}
