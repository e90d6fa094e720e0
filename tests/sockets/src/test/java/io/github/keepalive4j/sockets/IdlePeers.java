package io.github.keepalive4j.sockets;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** Says its port, and keeps each connection. */
final class IdlePeers {
  static final String ADDRESS = "127.78.0.1";

  private static final int BACKLOG = 1_000;
  private static final List<Socket> PEERS = new ArrayList<>();

  private IdlePeers() {}

  public static void main(String[] args) throws Exception {
    try (ServerSocket server = new ServerSocket(0, BACKLOG, InetAddress.getByName(ADDRESS))) {
      System.out.println(server.getLocalPort());
      while (true) {
        PEERS.add(server.accept());
      }
    }
  }
}
