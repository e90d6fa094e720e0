package io.github.keepalive4j.cli.guard;

import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.zookeeper.ServerConfigurations;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.curator.test.InstanceSpec;
import org.apache.curator.test.TestingServer;
import org.apache.zookeeper.KeeperException;

/** An ensemble of one in this JVM. */
public final class ClaimServer implements AutoCloseable {
  private static final int TICK_MS = 300;
  private static final Map<String, Object> LONG =
      Map.of("minSessionTimeout", "30000", "maxSessionTimeout", "30000");
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final InstanceSpec spec;
  private final TestingServer server;
  private final CuratorFramework client;

  private ClaimServer(InstanceSpec spec) throws Exception {
    this.spec = spec;
    server = new TestingServer(spec, true);
    client = CuratorFrameworkFactory.newClient(server.getConnectString(), new RetryOneTime(100));
    client.start();
  }

  /** Starts one whose sessions outlive the pauses of a busy machine. */
  public static ClaimServer start() throws Exception {
    return start(LONG);
  }

  /** Starts one that ends a session when the command would have it. */
  static ClaimServer startImpatient() throws Exception {
    return start(Map.of());
  }

  private static ClaimServer start(Map<String, Object> sessions) throws Exception {
    System.setProperty("zookeeper.forceSync", "no"); // nothing here need survive the machine
    InstanceSpec spec = new InstanceSpec(null, -1, -1, -1, true, -1, TICK_MS, -1, sessions);
    return new ClaimServer(spec);
  }

  public List<String> options(String source) {
    return options(server.getConnectString(), source);
  }

  /** Returns the options of a command that reaches it by another way. */
  static List<String> options(String address, String source) {
    return List.of("--zookeeper", address, "--source-id", source);
  }

  int port() {
    return server.getPort();
  }

  static String record(String source) {
    return "/keepalive4j/" + source;
  }

  private List<String> nodes(String source, String prefix) throws Exception {
    try {
      return client.getChildren().forPath(record(source)).stream()
          .filter(node -> node.startsWith(prefix))
          .toList();
    } catch (KeeperException.NoNodeException e) {
      return List.of();
    }
  }

  private List<String> claims(String source) throws Exception {
    return nodes(source, "claim-");
  }

  /** Returns how many backups a holder with a failsafe mode asks. */
  long members(String source) throws Exception {
    return nodes(source, "member-").size();
  }

  /** Tells whether the claim is there by which the source was claimed last. */
  boolean isHeld(String source) throws Exception {
    return claims(source).stream().anyMatch(latest(source)::startsWith);
  }

  /** Returns the process that claimed the source last. */
  long holderOf(String source) throws Exception {
    String latest = latest(source);
    return Long.parseLong(latest.substring(latest.lastIndexOf('/') + 1));
  }

  private String latest(String source) throws Exception {
    return new String(client.getData().forPath(record(source)), StandardCharsets.UTF_8);
  }

  void deleteClaims(String source) throws Exception {
    for (String claim : claims(source)) {
      client.delete().forPath(record(source) + "/" + claim);
    }
  }

  void awaitNoClaims(String source) throws Exception {
    Eventually.await("the end of the claims", LIMIT, () -> claims(source).isEmpty());
  }

  public void stop() throws Exception {
    server.stop();
  }

  /** Starts it again, with what it had. */
  void restart() throws Exception {
    server.restart();
  }

  @Override
  public void close() throws IOException {
    client.close();
    server.close();
    ServerConfigurations.delete(spec);
  }
}
