package io.github.keepalive4j.internal.sockets;

import io.github.keepalive4j.internal.AddressText;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.channels.SocketChannel;
import java.util.Objects;

/** The two addresses that a connected socket is found by. */
record Ends(InetSocketAddress local, InetSocketAddress remote) {
  static Ends of(Socket socket) throws SocketException {
    if (Objects.requireNonNull(socket, "socket").isClosed()) {
      throw new SocketException("the socket is closed: " + socket);
    }
    if (!socket.isConnected()) {
      throw new SocketException("the socket is not connected: " + socket);
    }
    return of(socket.getLocalSocketAddress(), socket.getRemoteSocketAddress(), socket);
  }

  static Ends of(SocketChannel channel) throws IOException {
    if (!Objects.requireNonNull(channel, "channel").isOpen()) {
      throw new SocketException("the channel is closed: " + channel);
    }
    SocketAddress remote = channel.getRemoteAddress();
    if (remote == null || !channel.isConnected()) { // it has one while it connects
      throw new SocketException("the channel is not connected: " + channel);
    }
    return of(channel.getLocalAddress(), remote, channel);
  }

  private static Ends of(SocketAddress local, SocketAddress remote, Object owner) {
    if (local instanceof InetSocketAddress localIp
        && remote instanceof InetSocketAddress remoteIp) {
      return new Ends(localIp, remoteIp);
    }
    throw new IllegalArgumentException(owner + " isn't TCP: its peer is " + remote);
  }

  static Ends of(InetSocketAddress local, InetSocketAddress remote) {
    requireResolved("local", local);
    requireResolved("remote", remote);
    return new Ends(local, remote);
  }

  private static void requireResolved(String name, InetSocketAddress address) {
    if (Objects.requireNonNull(address, name).isUnresolved()) {
      throw new IllegalArgumentException(name + " " + address + " is unresolved");
    }
  }

  @Override
  public String toString() {
    return "from " + AddressText.of(local) + " to " + AddressText.of(remote);
  }
}
