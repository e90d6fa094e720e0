package com.example.standby;

import io.github.keepalive4j.KeepaliveOptions;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;

/** Waits for a word of a peer, and not for ever if the peer's host dies. */
class BoundedWait {
  public static void main(String[] args) throws IOException {
    try (Socket socket = new Socket(args[0], 9999)) {
      KeepaliveOptions.forTraffic(Duration.ofSeconds(6)).applyTo(socket);
      System.out.println("waiting");
      System.out.println(socket.getInputStream().read());
    } catch (IOException e) {
      System.out.println("gave up: " + e.getMessage());
    }
  }
}
