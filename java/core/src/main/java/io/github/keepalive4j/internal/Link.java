package io.github.keepalive4j.internal;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.LocalTrouble;
import io.github.keepalive4j.TcpInfo;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * One end of a connection, on one of the two transports. Thread-safe; {@link #close} may come
 * during any other call.
 */
public interface Link {
  /**
   * Makes the socket, sets the options, then connects within the time. On failure nothing is left
   * open.
   */
  void connect(InetSocketAddress peer, KeepaliveOptions options, int timeoutMs) throws IOException;

  /** Reads the options in effect back from the kernel. */
  EffectiveOptions effectiveOptions() throws IOException;

  /**
   * Returns the kernel's snapshot. Throws {@link UnsupportedOperationException} where the transport
   * has none.
   */
  TcpInfo tcpInfo() throws IOException;

  /**
   * Returns the descriptor. Throws {@link UnsupportedOperationException} where the transport hides
   * it.
   */
  int fd() throws IOException;

  InetSocketAddress localAddress() throws IOException;

  /** Keeps what {@link #localTrouble} needs, of a link that has failed and is about to close. */
  void captureRoute();

  /**
   * Asks the kernel, by the calling thread's network namespace, whether this link could still reach
   * the peer. Returns empty if it could, or if nothing is known.
   */
  Optional<LocalTrouble> localTrouble(InetSocketAddress peer);

  /** Sends the peer's process a query. Throws if no answer comes in time. */
  void handshake(int timeoutMs) throws IOException;

  /**
   * Waits for a final event, probing meanwhile. Returns null when the time ran out or the thread
   * was interrupted, whose status it leaves set.
   */
  LinkEvent await(int timeoutMs, WatchSettings settings) throws IOException;

  /** Judges the link without waiting; returns null while it is healthy. */
  LinkEvent classify() throws IOException;

  /** Sends one byte if the peer's window has room for it. */
  void send(byte octet) throws IOException;

  /**
   * Refuses further uses of the descriptor, so that none begins between leaving a poller and {@link
   * #close}.
   */
  void beginClose();

  /** Ends the waits under way, and closes the descriptor after its last use. */
  void close();
}
