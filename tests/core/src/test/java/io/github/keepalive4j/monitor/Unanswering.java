package io.github.keepalive4j.monitor;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.LinkPair;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A source whose queue is full after its first link: who connects then gets no answer. */
final class Unanswering implements AutoCloseable {
  private static final int BACKLOG = 1;
  private static final String SYN_SENT = "02";

  private final ServerSocket listener =
      new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
  private final List<Socket> queued = new ArrayList<>();

  Unanswering() throws IOException {}

  /** Connects the only link. */
  LinkPair connect() throws IOException {
    InetSocketAddress address = (InetSocketAddress) listener.getLocalSocketAddress();
    KeepaliveSocket link = KeepaliveSocket.connect(address, KeepaliveOptions.defaults());
    LinkPair pair = new LinkPair(link, listener.accept());
    for (int i = 0; i <= BACKLOG; i++) { // the kernel's queue takes one more
      queued.add(new Socket(address.getAddress(), address.getPort()));
    }
    return pair;
  }

  /** Waits until somebody tries to connect. */
  void awaitAttempt() throws Exception {
    Eventually.await("an attempt to connect", () -> isTried("tcp") || isTried("tcp6"));
  }

  /** Waits until nobody does any more, for less than an attempt takes. */
  void awaitNoAttempt() throws Exception {
    Duration limit = Duration.ofSeconds(1);
    Eventually.await("no attempt", limit, () -> !isTried("tcp") && !isTried("tcp6"));
  }

  private boolean isTried(String table) throws IOException {
    String port = String.format(":%04X", listener.getLocalPort());
    return Files.readAllLines(Path.of("/proc/self/net", table)).stream()
        .map(line -> line.strip().split("\\s+"))
        .anyMatch(fields -> fields[2].endsWith(port) && fields[3].equals(SYN_SENT));
  }

  @Override
  public void close() throws IOException {
    for (Socket socket : queued) {
      socket.close();
    }
    listener.close();
  }
}
