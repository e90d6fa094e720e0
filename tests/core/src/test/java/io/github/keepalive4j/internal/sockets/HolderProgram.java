package io.github.keepalive4j.internal.sockets;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import jdk.net.ExtendedSocketOptions;

/** Has a connection. Says its process's number and both ports, then the idle time for each line. */
public final class HolderProgram {
  private HolderProgram() {}

  public static void main(String[] args) throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Socket client = new Socket(listener.getInetAddress(), listener.getLocalPort());
        Socket server = listener.accept()) {
      System.out.println(
          ProcessHandle.current().pid()
              + " "
              + client.getLocalPort()
              + " "
              + server.getLocalPort());
      BufferedReader input =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      while (input.readLine() != null) {
        System.out.println(client.getOption(ExtendedSocketOptions.TCP_KEEPIDLE));
      }
    }
  }
}
