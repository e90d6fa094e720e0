package io.github.keepalive4j.cli;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Connects to a source as often as it is told, and stays connected until it ends. A process of its
 * own, because a JVM with thousands of descriptors may run code that calls select(2) and dies then.
 */
final class ManyBackupsProgram {
  /** The property that holds the source's port. */
  static final String PORT = "backups.port";

  private ManyBackupsProgram() {}

  /** Reads lines with an address to connect from and a number of connections, and answers each. */
  public static void main(String[] args) throws Exception {
    int port = Integer.getInteger(PORT);
    List<Socket> backups = new ArrayList<>();
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      String[] words = line.split(" ", -1);
      InetAddress from = InetAddress.getByName(words[0]);
      for (int i = Integer.parseInt(words[1]); i > 0; i--) {
        backups.add(new Socket(InetAddress.getLoopbackAddress(), port, from, 0));
      }
      System.out.println(backups.size());
    }
  }
}
