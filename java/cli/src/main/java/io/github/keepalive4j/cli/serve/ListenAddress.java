package io.github.keepalive4j.cli.serve;

import io.github.keepalive4j.KeepaliveException;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.internal.AddressText;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.UnsupportedAddressTypeException;

/**
 * Where a source listens.
 *
 * @param address the own address, or null for all
 * @param port the port; 0 lets the kernel choose
 */
record ListenAddress(InetAddress address, int port) {
  private static final String ANY_IPV6 = "::";
  private static final String ANY_IPV4 = "0.0.0.0";

  ListenAddress withPort(int newPort) {
    return new ListenAddress(address, newPort);
  }

  KeepaliveServer listen(KeepaliveServer.Builder server) throws IOException {
    return address == null ? listenOnAll(server) : server.open(socketAddress());
  }

  private KeepaliveServer listenOnAll(KeepaliveServer.Builder server) throws IOException {
    try {
      return server.open(socketAddress());
    } catch (KeepaliveException e) {
      if (!e.errnoName().equals("EAFNOSUPPORT")) {
        throw e;
      }
    } catch (UnsupportedAddressTypeException e) {
      // the pure-JDK path's word for the same
    }
    return server.open(new InetSocketAddress(ANY_IPV4, port));
  }

  private InetSocketAddress socketAddress() {
    return address == null
        ? new InetSocketAddress(ANY_IPV6, port)
        : new InetSocketAddress(address, port);
  }

  @Override
  public String toString() {
    return AddressText.of(socketAddress());
  }
}
