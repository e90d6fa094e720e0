package io.github.keepalive4j.internal.sockets;

import io.github.keepalive4j.KeepaliveException;
import io.github.keepalive4j.internal.Errno;
import io.github.keepalive4j.internal.shim.SocketCalls;
import java.io.IOException;
import java.util.Optional;

/** The sockets of this process, by their cookies. */
final class OwnSockets implements SocketTable {
  private static final int CHUNK = 1_024;

  private final Sockets sockets = new Sockets();
  private final long[] chunk = new long[CHUNK * SocketCalls.ID_WORDS];
  private final int[] next = new int[1];
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
    next[0] = 0;
    while (next[0] >= 0) {
      int count = SocketCalls.scan(next[0], chunk, next);
      if (count < 0) {
        throw new KeepaliveException("listing the sockets of this process", -count);
      }
      sockets.addAll(chunk, count);
    }
    return sockets;
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
    SocketCalls.look(looks.words(), looks.size());
  }

  @Override
  public void close() {
    if (inUse && !closed) {
      SocketCalls.release();
    }
    closed = true;
  }
}
