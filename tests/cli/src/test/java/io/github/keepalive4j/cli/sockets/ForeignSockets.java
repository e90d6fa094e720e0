package io.github.keepalive4j.cli.sockets;

import io.github.keepalive4j.internal.sockets.SocketTable;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Predicate;

/** What the kernel tells of another process's sockets. */
final class ForeignSockets {
  private ForeignSockets() {}

  /** Returns the first socket of a process for which a condition holds. */
  static Optional<SocketView> find(long pid, Predicate<SocketView> which) throws IOException {
    int number = Math.toIntExact(pid);
    try (SocketTable table = SocketTable.ofProcess(number)) {
      return new SocketReader(number, table, new NetworkNamespaces())
          .readAll().stream().filter(which).findFirst();
    }
  }
}
