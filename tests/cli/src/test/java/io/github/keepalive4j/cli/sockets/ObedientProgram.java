package io.github.keepalive4j.cli.sockets;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Has one connection at a time, and does with it what its standard input says. */
final class ObedientProgram {
  private ObedientProgram() {}

  public static void main(String[] arguments) throws Exception {
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    System.out.println("ready");
    Socket socket = null;
    for (String order = orders.readLine(); order != null; order = orders.readLine()) {
      switch (order) {
        case "open" -> socket = open(arguments[0], Integer.parseInt(arguments[1]));
        case "undo" -> socket.setKeepAlive(false);
        case "close" -> socket.close();
        default -> throw new IllegalArgumentException(order);
      }
      System.out.println("done: " + order);
    }
  }

  private static Socket open(String host, int port) throws IOException {
    Socket socket = new Socket(host, port);
    Thread reader = new Thread(() -> read(socket));
    reader.setDaemon(true);
    reader.start();
    return socket;
  }

  private static void read(Socket socket) {
    try {
      System.out.println("read " + socket.getInputStream().read());
    } catch (IOException e) {
      System.out.println("read " + e.getMessage());
    }
  }
}
