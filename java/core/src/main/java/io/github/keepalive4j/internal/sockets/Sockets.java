package io.github.keepalive4j.internal.sockets;

import java.util.Arrays;
import java.util.Objects;

/**
 * The sockets that a process has, in the order of their descriptors. A socket's identity is that of
 * no other one: its cookie, or its inode where it is another process's. One with several
 * descriptors is here several times.
 */
public final class Sockets {
  private long[] identities = new long[64];
  private int[] fds = new int[64];
  private int size;

  Sockets() {}

  /** Returns how many descriptors there are. */
  public int size() {
    return size;
  }

  /** Returns a descriptor's number. */
  public int fd(int i) {
    return fds[Objects.checkIndex(i, size)];
  }

  /** Returns which socket it is. */
  public long identity(int i) {
    return identities[Objects.checkIndex(i, size)];
  }

  void clear() {
    size = 0;
  }

  void add(int fd, long identity) {
    if (size == fds.length) {
      fds = Arrays.copyOf(fds, 2 * size);
      identities = Arrays.copyOf(identities, 2 * size);
    }
    fds[size] = fd;
    identities[size] = identity;
    size++;
  }
}
