package io.github.keepalive4j.bench.subject;

import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * A way to learn that a peer is dead. It tells of each failed link by its slot, once, in the first
 * line of whatever code it calls back, and closes the link afterwards.
 */
public interface Subject extends AutoCloseable {
  /**
   * Connects with the original's options and begins to watch the link, which is on its own threads
   * from then on.
   *
   * @return the link's local port
   */
  int watch(InetSocketAddress peer, int slot) throws IOException;

  /** Ends the threads and closes the links that have not failed. */
  @Override
  void close() throws IOException;
}
