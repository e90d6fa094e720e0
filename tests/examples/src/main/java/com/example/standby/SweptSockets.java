package com.example.standby;

import io.github.keepalive4j.sockets.SocketRules;
import io.github.keepalive4j.sockets.SocketSweeper;
import java.io.IOException;
import java.net.Socket;

/** Waits for a word of a peer as a library does that knows nothing of timeouts. */
class SweptSockets {
  public static void main(String[] args) throws IOException {
    SocketRules rules = SocketRules.parse("within=6s,to=198.18.0.0/15:9999");
    SocketSweeper sweeper = SocketSweeper.builder().rules(rules).open();
    try (sweeper;
        Socket socket = new Socket(args[0], 9999)) {
      System.out.println("waiting");
      System.out.println(socket.getInputStream().read());
    } catch (IOException e) {
      System.out.println("gave up: " + e.getMessage());
    }
  }
}
