package io.github.keepalive4j.internal.sockets;

import io.github.keepalive4j.KeepaliveException;
import io.github.keepalive4j.internal.Errno;
import io.github.keepalive4j.internal.shim.LookLayout;
import io.github.keepalive4j.internal.shim.SocketCalls;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/** The sockets of this process, by their cookies. */
final class OwnSockets implements SocketTable {
  private static final int CHUNK = 1_024;

  /** Sockets that are looked at in one call, which copies them all. */
  private static final int LOOKS = 128;

  private final Sockets sockets = new Sockets();
  private final long[] cookies = new long[CHUNK];
  private final long[] piece = new long[LOOKS * LookLayout.WORDS];
  private long[] marked = new long[0]; // by descriptor: the cookie, or 0
  private boolean inUse;
  private boolean closed;

  private OwnSockets() {}

  static OwnSockets open() {
    Duplicate.requireNative();
    return new OwnSockets();
  }

  /** Keeps the shim loaded until the table is closed. */
  private void use() throws IOException {
    if (closed) {
      throw new IOException("the socket table is closed");
    }
    if (!inUse) {
      SocketCalls.acquire();
      inUse = true;
    }
  }

  @Override
  public Sockets scan() throws IOException {
    use();
    sockets.clear();
    int first = 0;
    do {
      int known = Math.max(0, Math.min(CHUNK, marked.length - first));
      System.arraycopy(marked, known > 0 ? first : 0, cookies, 0, known);
      Arrays.fill(cookies, known, CHUNK, 0);
      int next = SocketCalls.scan(first, cookies);
      if (next < 0) {
        throw new KeepaliveException("listing the sockets of this process", -next);
      }
      take(first, known);
      first = next;
    } while (first > 0);
    return sockets;
  }

  private void take(int first, int known) {
    for (int i = 0; i < CHUNK; i++) {
      if (i < known && cookies[i] != marked[first + i]) {
        marked[first + i] = 0;
      }
      if (cookies[i] != 0) {
        sockets.add(first + i, cookies[i]);
      }
    }
  }

  @Override
  public void mark(Duplicate duplicate, int fd, long identity) throws IOException {
    use();
    if (SocketCalls.mark(duplicate.fd()) == 0) {
      if (fd >= marked.length) {
        marked = Arrays.copyOf(marked, Math.max(fd + 1, 2 * marked.length));
      }
      marked[fd] = identity;
    }
  }

  @Override
  public void unmark(int fd) {
    if (fd < marked.length) {
      marked[fd] = 0;
    }
  }

  @Override
  public Optional<Duplicate> duplicate(int fd, long identity) throws IOException {
    use();
    int taken = SocketCalls.take(fd, identity);
    if (taken == -Errno.ESTALE.number()) {
      return Optional.empty();
    }
    if (taken < 0) {
      throw new KeepaliveException("duplicating descriptor " + fd, -taken);
    }
    return Duplicate.ifTcp(taken);
  }

  @Override
  public void look(Looks looks) throws IOException {
    use();
    long[] words = looks.words();
    for (int i = 0; i < looks.size(); i += LOOKS) {
      int count = Math.min(LOOKS, looks.size() - i);
      int start = i * LookLayout.WORDS;
      System.arraycopy(words, start, piece, 0, count * LookLayout.WORDS);
      SocketCalls.look(piece, count);
      System.arraycopy(piece, 0, words, start, count * LookLayout.WORDS);
    }
  }

  @Override
  public void close() {
    if (inUse && !closed) {
      SocketCalls.release();
    }
    closed = true;
  }
}
