package io.github.keepalive4j.zookeeper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.support.UnusedAddress;
import io.github.keepalive4j.testkit.event.ClaimRequests;
import io.github.keepalive4j.zookeeper.DryRun.Outcome;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.curator.test.TestingServer;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a dry run of a claim finds, and that it leaves everything as it was. */
@Timeout(60)
class DryRunTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String RECORD = "/keepalive4j/vm1";

  private static TestingServer server;
  private static CuratorFramework client;

  @BeforeAll
  static void start() throws Exception {
    server = new TestingServer();
    client = CuratorFrameworkFactory.newClient(server.getConnectString(), new RetryOneTime(100));
    client.start();
  }

  @AfterAll
  static void stop() throws Exception {
    client.close();
    server.close();
  }

  @AfterEach
  void deleteAll() throws Exception {
    for (String child : client.getChildren().forPath("/")) {
      if (!child.equals("zookeeper")) {
        client.delete().deletingChildrenIfNeeded().forPath("/" + child);
      }
    }
  }

  /** Returns each node with the version of its data, which a holder changes in its claim's node. */
  private static Map<String, Integer> nodes() throws Exception {
    Map<String, Integer> nodes = new TreeMap<>();
    collect("/", nodes);
    return nodes;
  }

  /** A node that nobody may read is there, and its version can't be seen. */
  private static void collect(String path, Map<String, Integer> nodes) throws Exception {
    nodes.put(path, -1);
    try {
      Stat stat = client.checkExists().forPath(path);
      nodes.put(path, stat.getEphemeralOwner() == 0 ? stat.getVersion() : -1);
      for (String child : client.getChildren().forPath(path)) {
        if (!child.equals("zookeeper") && !Bystander.isBystander(child)) {
          collect((path.equals("/") ? "" : path) + "/" + child, nodes);
        }
      }
    } catch (KeeperException.NoAuthException e) {
      // as said
    }
  }

  private DryRun dryRun(String chroot) throws Exception {
    return dryRunOn(server.getConnectString() + chroot);
  }

  private DryRun dryRunOn(String connectString) throws Exception {
    Map<String, Integer> before = nodes();
    DryRun run = ZooKeeperGuard.builder(connectString, "vm1").dryRun(LIMIT);
    assertEquals(before, nodes());
    return run;
  }

  private static String step(DryRun run, String name, Outcome outcome) {
    return run.steps().stream()
        .filter(step -> step.name().equals(name) && step.outcome() == outcome)
        .map(DryRun.Step::detail)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + name + " " + outcome + " in " + run));
  }

  private static void requirePart(String part, String text) {
    assertTrue(text.contains(part), text);
  }

  @Test
  void anEmptyEnsembleWouldGrant() throws Exception {
    DryRun run = dryRun("");
    assertEquals(Optional.empty(), run.failure());
    requirePart("takes connections", step(run, "server", Outcome.OK));
    assertEquals("session timeout 6000 ms agreed", step(run, "session", Outcome.OK));
    String claim = step(run, "claim", Outcome.OK);
    requirePart("can be won, and would make /keepalive4j, " + RECORD + "; ", claim);
    requirePart("nothing was changed", claim);
  }

  @Test
  void theHolderIsNamedAndStays() throws Exception {
    try (ZooKeeperGuard guard =
        ZooKeeperGuard.builder(server.getConnectString(), "vm1").holder("first").open()) {
      Claim claim = guard.claim(ClaimRequests.serving().build());
      DryRun run = dryRun("");
      assertEquals(Optional.empty(), run.failure());
      String record = step(run, "record", Outcome.OK);
      assertTrue(
          record.matches(RECORD + ": the latest holder is first \\(token \\d+\\), which holds it"),
          record);
      requirePart("can be won; tried in ", step(run, "claim", Outcome.OK));
      assertTrue(claim.isValid());
    }
    requirePart("which has ended", step(dryRun(""), "record", Outcome.OK));
  }

  @Test
  void aMissingChrootWouldBeMade() throws Exception {
    DryRun run = dryRun("/vms/a");
    assertEquals("/vms/a doesn't exist yet", step(run, "chroot", Outcome.OK));
    requirePart(
        "would make /vms, /vms/a, /vms/a/keepalive4j, /vms/a" + RECORD + ";",
        step(run, "claim", Outcome.OK));
    client.create().creatingParentsIfNeeded().forPath("/vms/a");
    assertEquals("/vms/a exists", step(dryRun("/vms/a"), "chroot", Outcome.OK));
  }

  @Test
  void aChrootThatMayNotBeMadeIsAFailure() throws Exception {
    create("/closed", new byte[0], Perms.READ);
    DryRun run = dryRun("/closed/a");
    assertEquals("making /closed/a: not permitted (NOAUTH)", step(run, "claim", Outcome.FAILED));
  }

  private static void create(String path, byte[] data, int permissions) throws Exception {
    client
        .create()
        .creatingParentsIfNeeded()
        .withACL(List.of(new ACL(permissions, new Id("world", "anyone"))), false)
        .forPath(path, data);
  }

  @Test
  void eachPermissionThatAClaimNeedsIsTried() throws Exception {
    requireFailure(
        Perms.ALL & ~Perms.READ, "record", RECORD + " can't be read: not permitted (NOAUTH)");
    requireFailure(
        Perms.ALL & ~Perms.WRITE, "claim", "writing to " + RECORD + ": not permitted (NOAUTH)");
    requireFailure(
        Perms.ALL & ~Perms.CREATE,
        "claim",
        "making a node below " + RECORD + ": not permitted (NOAUTH)");
    requireFailure(
        Perms.ALL & ~Perms.DELETE,
        "claim",
        "deleting a node below " + RECORD + ": not permitted (NOAUTH)");
  }

  private void requireFailure(int permissions, String step, String reason) throws Exception {
    create(RECORD, new byte[0], permissions);
    try {
      DryRun run = dryRun("");
      assertEquals(reason, step(run, step, Outcome.FAILED));
      assertEquals(Optional.of(reason), run.failure());
    } finally {
      client.delete().forPath(RECORD);
    }
  }

  @Test
  void aRecordBelowWhichAnyoneMayDeleteIsAWarning() throws Exception {
    create(RECORD, new byte[0], Perms.ALL & ~Perms.ADMIN);
    assertEquals(
        "anyone may delete a claim: world:anyone may delete below /keepalive4j, " + RECORD,
        step(dryRun(""), "access", Outcome.WARNING));
  }

  @Test
  void aMalformedRecordIsAFailure() throws Exception {
    create(RECORD, "claim-1 many\nsomebody".getBytes(StandardCharsets.UTF_8), Perms.ALL);
    requirePart(RECORD + " is malformed", step(dryRun(""), "record", Outcome.FAILED));
  }

  @Test
  void aServerOfSeveralThatIsDownIsAWarning() throws Exception {
    String closed = UnusedAddress.text();
    DryRun run = dryRunOn(closed + "," + server.getConnectString());
    assertEquals(Optional.empty(), run.failure());
    requirePart(
        closed + " can't be reached: Connection refused", step(run, "server", Outcome.WARNING));
  }

  @Test
  void aSessionTimeoutThatTheEnsembleLimitsIsAWarning() throws Exception {
    DryRun run =
        ZooKeeperGuard.builder(server.getConnectString(), "vm1")
            .sessionTimeout(Duration.ofMinutes(30))
            .dryRun(LIMIT);
    String session = step(run, "session", Outcome.WARNING);
    assertTrue(session.matches("session timeout 20000 ms agreed, not the 1800000 ms .*"), session);
  }

  /** It takes connections, and no more. */
  @Test
  void anEnsembleThatHangsIsReportedInTime() throws Exception {
    try (ServerSocket hung = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      long startNs = System.nanoTime();
      DryRun run =
          ZooKeeperGuard.builder("127.0.0.1:" + hung.getLocalPort(), "vm1")
              .dryRun(Duration.ofSeconds(1));
      long tookMs = (System.nanoTime() - startNs) / 1_000_000;
      assertTrue(tookMs < 5_000, tookMs + " ms");
      requirePart("no session on the ensemble within ", step(run, "session", Outcome.FAILED));
    }
  }

  @Test
  void aTimeoutOutsideItsRangeIsRefused() {
    ZooKeeperGuard.Builder builder = ZooKeeperGuard.builder(server.getConnectString(), "vm1");
    for (Duration timeout : List.of(Duration.ZERO, Duration.ofHours(1).plusNanos(1))) {
      assertEquals(
          "timeout " + timeout + " is not from 1 ms to 1 hour",
          assertThrows(IllegalArgumentException.class, () -> builder.dryRun(timeout)).getMessage());
    }
  }
}
