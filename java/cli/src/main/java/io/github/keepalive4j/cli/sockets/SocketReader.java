package io.github.keepalive4j.cli.sockets;

import io.github.keepalive4j.TcpInfo;
import io.github.keepalive4j.TcpInfo.State;
import io.github.keepalive4j.internal.sockets.Duplicate;
import io.github.keepalive4j.internal.sockets.SocketTable;
import io.github.keepalive4j.internal.sockets.Sockets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the TCP sockets of a process, each through a duplicate that is closed at once. */
final class SocketReader {
  private final int pid;
  private final SocketTable table;
  private final NetworkNamespaces namespaces;

  SocketReader(int pid, SocketTable table, NetworkNamespaces namespaces) {
    this.pid = pid;
    this.table = table;
    this.namespaces = namespaces;
  }

  /** Reads all sockets, without those that were closed meanwhile. */
  List<SocketView> readAll() throws IOException {
    List<SocketView> views = new ArrayList<>();
    Sockets sockets = table.scan();
    Set<Long> seen = new HashSet<>();
    for (int i = 0; i < sockets.size(); i++) {
      if (seen.add(sockets.identity(i))) {
        read(sockets.fd(i), sockets.identity(i)).ifPresent(views::add);
      }
    }
    return views;
  }

  private Optional<SocketView> read(int fd, long identity) throws IOException {
    Optional<Duplicate> found = table.duplicate(fd, identity);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (Duplicate socket = found.get()) {
      return Optional.of(view(fd, identity, socket));
    }
  }

  private SocketView view(int fd, long identity, Duplicate socket) throws IOException {
    Instant at = Instant.now();
    long monotonicNs = System.nanoTime();
    TcpInfo info = socket.info();
    return new SocketView(
        fd,
        info,
        socket.options(),
        socket.local(),
        remote(socket, info.state(), identity),
        info.state() == State.LISTEN ? 0 : socket.queuedBytes(),
        namespaces.settings(socket.fd(), pid).withThoseOf(socket.fd()),
        at,
        monotonicNs);
  }

  private Optional<InetSocketAddress> remote(Duplicate socket, State state, long inode)
      throws IOException {
    return switch (state) {
      case LISTEN, CLOSE -> Optional.empty();
      case SYN_SENT -> namespaces.connectingPeer(socket.fd(), pid, inode);
      default -> connected(socket);
    };
  }

  private static Optional<InetSocketAddress> connected(Duplicate socket) {
    try {
      return Optional.of(socket.remote());
    } catch (IOException e) {
      return Optional.empty(); // it has died since its state was read
    }
  }
}
