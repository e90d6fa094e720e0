package io.github.keepalive4j.bench.peer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** The peers' listener, in this process. */
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

  public int port() {
    return port;
  }

  /** Waits for a link and returns its end here. */
  public int accept() throws IOException {
    return BenchLibrary.check("accepting", BenchLibrary.kb_accept(listener));
  }

  /**
   * Waits for a link and returns its end here, whose {@link #close(int)} ends the link like this.
   */
  public int accept(Ending ending) throws IOException {
    int end = accept();
    int reset = ending == Ending.RESET ? 1 : 0;
    BenchLibrary.check("preparing a peer's end", BenchLibrary.kb_end_with(end, reset));
    return end;
  }

  /** Closes an accepted end. */
  public static void close(int end) throws IOException {
    BenchLibrary.check("closing a peer's end", BenchLibrary.kb_close(end));
  }

  /** Closes accepted ends. */
  public static void closeAll(Iterable<Integer> ends) throws IOException {
    for (int end : ends) {
      close(end);
    }
  }

  @Override
  public void close() throws IOException {
    BenchLibrary.check("closing the listener", BenchLibrary.kb_close(listener));
  }
}
