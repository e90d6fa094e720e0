package io.github.keepalive4j.internal.sockets;

import io.github.keepalive4j.internal.shim.SocketCalls;
import java.util.Arrays;
import java.util.Objects;

/**
 * The sockets that a process has, in the order of their descriptors. A socket's identity is that of
 * no other one: its cookie, or its inode where it is another process's. One with several
 * descriptors is here several times.
 */
public final class Sockets {
  private static final int IDENTITY = 0;
  private static final int FD = 1;

  private long[] words = new long[64 * SocketCalls.ID_WORDS];
  private int size;

  Sockets() {}

  /** Returns how many descriptors there are. */
  public int size() {
    return size;
  }

  /** Returns a descriptor's number. */
  public int fd(int i) {
    return (int) word(i, FD);
  }

  /** Returns which socket it is. */
  public long identity(int i) {
    return word(i, IDENTITY);
  }

  private long word(int i, int field) {
    return words[Objects.checkIndex(i, size) * SocketCalls.ID_WORDS + field];
  }

  void clear() {
    size = 0;
  }

  void add(int fd, long identity) {
    reserve(1);
    words[size * SocketCalls.ID_WORDS + IDENTITY] = identity;
    words[size * SocketCalls.ID_WORDS + FD] = fd;
    size++;
  }

  /** Adds what {@link SocketCalls#scan} has filled in. */
  void addAll(long[] ids, int count) {
    reserve(count);
    System.arraycopy(ids, 0, words, size * SocketCalls.ID_WORDS, count * SocketCalls.ID_WORDS);
    size += count;
  }

  private void reserve(int more) {
    int needed = (size + more) * SocketCalls.ID_WORDS;
    if (needed > words.length) {
      words = Arrays.copyOf(words, Math.max(needed, 2 * words.length));
    }
  }
}
