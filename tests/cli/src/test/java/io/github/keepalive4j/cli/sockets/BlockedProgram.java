package io.github.keepalive4j.cli.sockets;

import java.io.IOException;
import java.net.Socket;

/** Blocks in read on one connection and in write on another, and tells how each call ends. */
final class BlockedProgram {
  private BlockedProgram() {}

  public static void main(String[] arguments) throws Exception {
    String host = arguments[0];
    int port = Integer.parseInt(arguments[1]);
    try (Socket reading = new Socket(host, port);
        Socket writing = new Socket(host, port)) {
      System.out.println("connected");
      Thread reader = run("read", () -> reading.getInputStream().read());
      Thread writer = run("write", () -> writeForEver(writing));
      reader.join();
      writer.join();
      System.out.println("both ended");
      var unused = System.in.read(); // until the test ends
    }
  }

  private static void writeForEver(Socket socket) throws IOException {
    while (true) {
      socket.getOutputStream().write(new byte[65_536]);
    }
  }

  private static Thread run(String what, Call call) {
    Thread thread =
        new Thread(
            () -> {
              try {
                call.run();
                System.out.println(what + " returned");
              } catch (IOException e) {
                System.out.println(what + " " + e.getMessage());
              }
            });
    thread.start();
    return thread;
  }

  private interface Call {
    void run() throws IOException;
  }
}
