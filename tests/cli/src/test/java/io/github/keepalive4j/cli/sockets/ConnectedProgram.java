package io.github.keepalive4j.cli.sockets;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Has both ends of one connection, tells its number, and waits. */
final class ConnectedProgram {
  private ConnectedProgram() {}

  public static void main(String[] arguments) throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket client = new Socket(listener.getInetAddress(), listener.getLocalPort());
        Socket accepted = listener.accept()) {
      System.out.println(ProcessHandle.current().pid());
      var unused = accepted.getInputStream().read(); // for ever: nobody sends
      client.shutdownOutput();
    }
  }
}
