package io.github.keepalive4j.server;

import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.LogRecords;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A source in a process of its own. Says its port, then answers each line with the number of its
 * connections and the ms of processor time that its accepting thread has taken.
 */
public final class ServerProgram {
  private static final int MANY_LINKS = 10_000;

  private ServerProgram() {}

  public static void main(String[] args) throws Exception {
    LogRecords log = LogRecords.of(KeepaliveServer.class);
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (KeepaliveServer server =
            KeepaliveServer.builder().maxConnectionsPerAddress(MANY_LINKS).open(address);
        BufferedReader input =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      loadClasses(server);
      long threadId = acceptingThread().getId();
      ThreadMXBean threads = ManagementFactory.getThreadMXBean();
      System.out.println(server.localAddress().getPort()); // now descriptors may run short
      while (input.readLine() != null) {
        long cpuMs = threads.getThreadCpuTime(threadId) / 1_000_000;
        System.out.println(server.connections() + " " + cpuMs + " " + log.messages().size());
      }
    }
  }

  /** A class path of directories takes descriptors, which may be short later. */
  private static void loadClasses(KeepaliveServer server) throws Exception {
    InetSocketAddress address = server.localAddress();
    try (Socket backup = new Socket(address.getAddress(), address.getPort())) {
      Eventually.await("a connection", () -> server.connections() == 1);
      backup.shutdownOutput();
    }
    Eventually.await("none", () -> server.connections() == 0);
  }

  private static Thread acceptingThread() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("keepalive-accept-"))
        .findFirst()
        .orElseThrow();
  }
}
