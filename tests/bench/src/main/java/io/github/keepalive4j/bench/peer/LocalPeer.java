package io.github.keepalive4j.bench.peer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Peers in this process, of which one can be killed at a time that is known exactly. */
public final class LocalPeer implements AutoCloseable {
  private static final int BACKLOG = 4096;

  private final int listener;
  private final int port;

  /** Listens on all addresses of the calling thread's network namespace. */
  public LocalPeer() throws IOException {
    int[] chosen = new int[1];
    listener = BenchLibrary.check("listening", BenchLibrary.kb_listen(BACKLOG, chosen));
    port = chosen[0];
  }

  public InetSocketAddress at(InetAddress address) {
    return new InetSocketAddress(address, port);
  }

  /** Waits for a link and returns its end here. */
  public int accept() throws IOException {
    return BenchLibrary.check("accepting", BenchLibrary.kb_accept(listener));
  }

  /**
   * Kills the peer's end of a link after a pause.
   *
   * @return the time just before it was closed, on {@link System#nanoTime()}'s clock
   */
  public static long kill(int fd, Ending ending, long pauseNs) throws IOException {
    long killedNs = BenchLibrary.kb_kill(fd, ending == Ending.RESET ? 1 : 0, pauseNs);
    if (killedNs < 0) {
      throw new IOException("killing a peer: errno " + -killedNs);
    }
    return killedNs;
  }

  @Override
  public void close() throws IOException {
    BenchLibrary.check("closing the listener", BenchLibrary.kb_close(listener));
  }
}
