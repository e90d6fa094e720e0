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

  /** Closes accepted ends. */
  public static void closeAll(Iterable<Integer> ends) throws IOException {
    for (int end : ends) {
      BenchLibrary.check("closing a peer's end", BenchLibrary.kb_close(end));
    }
  }

  @Override
  public void close() throws IOException {
    BenchLibrary.check("closing the listener", BenchLibrary.kb_close(listener));
  }
}
