package io.github.keepalive4j.bench.subject;

import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * A way to detect a dead peer. It reports each failed link by its slot, once, in the first line of
 * the code that it calls back. Afterwards it closes the link.
 */
public interface Subject extends AutoCloseable {
  /**
   * Connects with the default options and begins to watch the link on its own threads.
   *
   * @return the link's local port
   */
  int watch(InetSocketAddress peer, int slot) throws IOException;

  /** Ends the threads and closes the links that have not failed. */
  @Override
  void close() throws IOException;
}
