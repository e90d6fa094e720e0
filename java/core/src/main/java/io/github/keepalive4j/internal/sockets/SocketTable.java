package io.github.keepalive4j.internal.sockets;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/** The sockets of a process, whoever made them. Not thread-safe. */
public interface SocketTable extends Closeable {
  /**
   * Opens the table of this process. The shim is loaded when it is first used.
   *
   * @throws UnsupportedOperationException if the pure-JDK path is in use
   */
  static SocketTable ofThisProcess() {
    return OwnSockets.open();
  }

  /**
   * Opens the table of another process of this host.
   *
   * @param pid its number, 1 or more
   * @throws IllegalArgumentException if the number is less
   * @throws IOException if there is none, or this process may not touch it; the message names the
   *     right that is missing, and how to give it
   * @throws UnsupportedOperationException if the pure-JDK path is in use
   */
  static SocketTable ofProcess(int pid) throws IOException {
    return ProcessSockets.open(pid);
  }

  /**
   * Lists the sockets, of any kind.
   *
   * @return the sockets; the next scan fills the same object again
   * @throws IOException also if the process has ended
   */
  Sockets scan() throws IOException;

  /**
   * Duplicates a socket's descriptor.
   *
   * @return empty if the descriptor isn't that socket any more, or not TCP
   * @throws IOException if the kernel refuses: for lack of a descriptor, or of a right
   */
  Optional<Duplicate> duplicate(int fd, long identity) throws IOException;

  /**
   * Has later scans take what has this number for this socket as long as it bears a mark, which
   * costs half as much as to ask for its identity. Look at it now and then: another marked socket
   * may have been moved to its number. Without the kernel's mark, scans go on to ask.
   */
  default void mark(Duplicate duplicate, int fd, long identity) throws IOException {}

  /** Has the next scan ask which socket has this number. */
  default void unmark(int fd) {}

  /** Fills in what the sockets do now, each with its own error. */
  void look(Looks looks) throws IOException;

  /** Closes the table. Duplicates stay open. */
  @Override
  void close();
}
