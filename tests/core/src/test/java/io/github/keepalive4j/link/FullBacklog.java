package io.github.keepalive4j.link;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** An address that answers no SYN: a listener whose queue is full and is never emptied. */
final class FullBacklog implements AutoCloseable {
  private static final int BACKLOG = 1;

  private final ServerSocket listener;
  private final List<Socket> queued = new ArrayList<>();

  FullBacklog() throws IOException {
    listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    for (int i = 0; i <= BACKLOG; i++) { // the kernel's queue takes one more
      queued.add(new Socket(listener.getInetAddress(), listener.getLocalPort()));
    }
  }

  InetSocketAddress address() {
    return (InetSocketAddress) listener.getLocalSocketAddress();
  }

  @Override
  public void close() throws IOException {
    for (Socket socket : queued) {
      socket.close();
    }
    listener.close();
  }
}
