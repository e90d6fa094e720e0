package io.github.keepalive4j.zookeeper;

import java.io.File;
import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.apache.curator.test.InstanceSpec;
import org.apache.curator.test.TestingCluster;
import org.apache.curator.test.TestingZooKeeperServer;

/** An ensemble of three servers in this JVM, with ticks short enough for sessions of a second. */
final class Quorum implements AutoCloseable {
  private static final int SERVERS = 3;
  private static final int TICK_MS = 300;

  /** Below those that the kernel chooses from, and elsewhere in the next JVM. */
  private static final AtomicInteger NEXT_PORT =
      new AtomicInteger(10_000 + (int) (ProcessHandle.current().pid() % 200) * 100);

  private final TestingCluster cluster;

  private Quorum(TestingCluster cluster) {
    this.cluster = cluster;
  }

  static Quorum start() throws Exception {
    return start(server -> null);
  }

  /** Starts one whose servers store in a folder each; null for a temporary one. */
  static Quorum start(IntFunction<File> folders) throws Exception {
    List<InstanceSpec> specs = new ArrayList<>();
    Iterator<Integer> ports = freePorts(3 * SERVERS).iterator();
    for (int server = 0; server < SERVERS; server++) {
      File folder = folders.apply(server);
      specs.add(
          new InstanceSpec(
              folder, ports.next(), ports.next(), ports.next(), true, -1, TICK_MS, -1));
    }
    TestingCluster cluster = new TestingCluster(specs);
    cluster.start();
    return new Quorum(cluster);
  }

  /**
   * Returns ports of which no two are the same; the test server's own choice may be. Nobody else
   * gets them while a server is restarted.
   */
  private static List<Integer> freePorts(int count) throws IOException {
    List<Integer> ports = new ArrayList<>();
    while (ports.size() < count) {
      try (ServerSocket free = new ServerSocket(NEXT_PORT.getAndIncrement())) {
        ports.add(free.getLocalPort());
      } catch (BindException taken) {
        // so the next one
      }
    }
    return ports;
  }

  String connectString() {
    return cluster.getConnectString();
  }

  List<TestingZooKeeperServer> servers() {
    return cluster.getServers();
  }

  /** Stops all servers, deletes what they have stored, and starts them again. */
  void rebuildEmpty() throws Exception {
    for (TestingZooKeeperServer server : servers()) {
      server.stop();
    }
    for (InstanceSpec server : cluster.getInstances()) {
      try (Stream<Path> files =
          Files.walk(server.getDataDirectory().toPath().resolve("version-2"))) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    for (TestingZooKeeperServer server : servers()) {
      server.restart();
    }
  }

  @Override
  public void close() throws IOException {
    cluster.close();
    for (InstanceSpec server : cluster.getInstances()) {
      ServerConfigurations.delete(server);
    }
  }
}
