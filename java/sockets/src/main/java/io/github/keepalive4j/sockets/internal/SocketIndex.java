package io.github.keepalive4j.sockets.internal;

import io.github.keepalive4j.internal.sockets.Sockets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The sockets that the last scan has seen. Most are where they were, so a scan is compared with the
 * one before: one in which nothing is new allocates nothing, and touches no socket's object.
 */
final class SocketIndex {
  private long[] identities = new long[64]; // of the last scan, by descriptor, as the next
  private int[] fds = new int[64];
  private int size;
  private final Map<Long, TrackedSocket> byIdentity = new HashMap<>();
  private final List<TrackedSocket> all = new ArrayList<>();
  private final List<TrackedSocket> left = new ArrayList<>(); // since the last scan

  List<TrackedSocket> all() {
    return all;
  }

  /**
   * Takes in a scan.
   *
   * @param forget hears of each socket that the scan hasn't seen any more
   */
  void update(Sockets seen, Consumer<TrackedSocket> forget) {
    int old = 0;
    for (int i = 0; i < seen.size(); i++) {
      while (old < size && fds[old] < seen.fd(i)) {
        leave(old++);
      }
      boolean isThere = old < size && fds[old] == seen.fd(i);
      if (!isThere || identities[old] != seen.identity(i)) {
        see(seen.fd(i), seen.identity(i));
        if (isThere) {
          leave(old);
        }
      }
      old += isThere ? 1 : 0;
    }
    while (old < size) {
      leave(old++);
    }
    copy(seen);
    settle(forget);
  }

  private void see(int fd, long identity) {
    TrackedSocket socket = byIdentity.get(identity);
    if (socket == null) {
      socket = new TrackedSocket(fd, identity);
      byIdentity.put(identity, socket);
      all.add(socket);
    }
    socket.fd = Math.min(socket.fd, fd);
    socket.descriptors++;
  }

  private void leave(int i) {
    TrackedSocket socket = byIdentity.get(identities[i]);
    socket.descriptors--;
    left.add(socket);
  }

  private void copy(Sockets seen) {
    size = seen.size();
    if (size > fds.length) {
      fds = Arrays.copyOf(fds, 2 * size);
      identities = Arrays.copyOf(identities, 2 * size);
    }
    for (int i = 0; i < size; i++) {
      fds[i] = seen.fd(i);
      identities[i] = seen.identity(i);
    }
  }

  private void settle(Consumer<TrackedSocket> forget) {
    if (left.isEmpty()) {
      return;
    }
    for (TrackedSocket socket : left) {
      if (socket.descriptors > 0) {
        socket.fd = lowest(socket.identity);
      } else if (byIdentity.remove(socket.identity) != null) {
        forget.accept(socket);
      }
    }
    left.clear();
    all.removeIf(socket -> socket.descriptors == 0);
  }

  private int lowest(long identity) {
    int i = 0;
    while (identities[i] != identity) {
      i++;
    }
    return fds[i];
  }
}
