package io.github.keepalive4j.sockets;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** Connects through the factory where the shim doesn't load, and says what it met. */
final class ShimlessProgram {
  private ShimlessProgram() {}

  public static void main(String[] arguments) throws Exception {
    Socket socket = new DeadPeerSocketFactory("within=12s").createSocket();
    try {
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.getInteger("port")));
      System.out.println("connected");
    } catch (Exception e) {
      System.out.println(e.toString().replace('\n', ' '));
    }
    System.out.println(socket.isClosed() ? "closed" : "open");
  }
}
