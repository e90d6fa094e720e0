package io.github.keepalive4j.sockets.internal;

import io.github.keepalive4j.internal.sockets.Sockets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The sockets that the last scan has seen. A scan in which nothing is new allocates nothing. */
final class SocketIndex {
  private TrackedSocket[] byFd = new TrackedSocket[64]; // where the last scan saw them
  private final Map<Long, TrackedSocket> byIdentity = new HashMap<>();
  private final List<TrackedSocket> all = new ArrayList<>();
  private long scan;

  List<TrackedSocket> all() {
    return all;
  }

  /**
   * Takes in a scan.
   *
   * @param forget hears of each socket that the scan hasn't seen any more
   */
  void update(Sockets seen, Consumer<TrackedSocket> forget) {
    scan++;
    for (int i = 0; i < seen.size(); i++) {
      see(seen.fd(i), seen.identity(i));
    }
    for (TrackedSocket socket : all) {
      if (socket.lastScan != scan) {
        socket.gone = true;
        byIdentity.remove(socket.identity);
        forget.accept(socket);
      }
    }
    all.removeIf(socket -> socket.gone);
  }

  private void see(int fd, long identity) {
    reserve(fd);
    TrackedSocket socket = byFd[fd];
    if (socket == null || socket.gone || socket.identity != identity) {
      socket = byIdentity.get(identity);
      if (socket == null) {
        socket = new TrackedSocket(fd, identity);
        byIdentity.put(identity, socket);
        all.add(socket);
      }
      byFd[fd] = socket;
    }
    if (socket.lastScan != scan) {
      socket.lastScan = scan;
      socket.fd = fd;
    }
  }

  private void reserve(int fd) {
    if (fd >= byFd.length) {
      byFd = Arrays.copyOf(byFd, Math.max(fd + 1, 2 * byFd.length));
    }
  }
}
