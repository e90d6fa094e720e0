package io.github.keepalive4j.zookeeper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.Liveness;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.LogRecords;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryNTimes;
import org.apache.curator.test.TestingZooKeeperServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A source keeps its claim through an outage of the ensemble while its backups hold back. */
@Execution(ExecutionMode.CONCURRENT) // each on an ensemble of its own
@Timeout(120)
class FailsafeTest {
  private static final Duration SESSION = Duration.ofMillis(4_800);
  private static final Duration LEASE = SESSION.multipliedBy(2).dividedBy(3);
  private static final Duration GUARD_TIMEOUT = Duration.ofSeconds(20);
  private static final Duration AMPLE = Duration.ofSeconds(2);
  private static final KeepaliveOptions PROBES =
      KeepaliveOptions.detectWithin(Duration.ofMillis(500), Liveness.HOST);
  private static final KeepaliveOptions QUERIES =
      KeepaliveOptions.detectWithin(Duration.ofSeconds(3), Liveness.PROCESS);

  @TempDir private Path directory;
  private Quorum quorum;
  private Relay relay; // between the source and the ensemble
  private ServingSource source;
  private volatile boolean healthy = true;
  private final BlockingQueue<FailsafeState> states = new LinkedBlockingQueue<>();
  private final List<Backup> backups = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    quorum = Quorum.start();
    relay = new Relay(quorum.servers().get(0).getInstanceSpec().getPort());
    source =
        ServingSource.open(
            directory.resolve("source.journal"),
            ZooKeeperGuard.builder(relay.address(), "vm1")
                .sessionTimeout(SESSION)
                .failsafe(states::add),
            GUARD_TIMEOUT,
            () -> healthy);
  }

  @AfterEach
  void stop() throws Exception {
    source.close();
    for (Backup backup : backups) {
      backup.close();
    }
    relay.close();
    quorum.close();
    List<HistoryEvent> history = new ArrayList<>(sourceHistory());
    for (Backup backup : backups) {
      history.addAll(HistoryEvent.read(backup.journalFile()));
    }
    assertEquals(List.of(), HistoryChecker.violations(history));
  }

  private List<HistoryEvent> sourceHistory() throws Exception {
    return HistoryEvent.read(directory.resolve("source.journal"));
  }

  private Backup watching(KeepaliveOptions options) throws Exception {
    Backup backup =
        Backup.open(
            "backup-" + (backups.size() + 1),
            directory,
            quorum.connectString(),
            builder -> builder.sessionTimeout(SESSION).acknowledgeTimeout(AMPLE));
    backups.add(backup);
    backup.awaitConnected();
    backup.watch(source.address(), options);
    return backup;
  }

  /** Waits until the source has seen that its backups are members, and they know that. */
  private void awaitMembers() throws Exception {
    for (Backup backup : backups) {
      Eventually.await(backup + " is asked", () -> backup.guard().isKnownToHolder());
      Eventually.await(
          backup + " is armed", () -> backup.guard().arming().state() == Arming.State.ARMED);
    }
  }

  private void stopEnsemble() throws Exception {
    for (TestingZooKeeperServer server : quorum.servers()) {
      server.stop();
    }
  }

  private void startEnsemble() throws Exception {
    for (TestingZooKeeperServer server : quorum.servers()) {
      server.restart();
    }
  }

  private void expect(FailsafeState state) throws InterruptedException {
    assertEquals(state, states.poll(20, TimeUnit.SECONDS));
  }

  private void expectTheLeaseToEnd() throws InterruptedException {
    long beginNs = System.nanoTime();
    String reason = source.lost().poll(20, TimeUnit.SECONDS);
    assertTrue(reason != null && reason.startsWith("the lease ended"), "" + reason);
    assertTrue(System.nanoTime() - beginNs < LEASE.multipliedBy(3).toNanos());
  }

  @Test
  void theClaimOutlastsAnOutageWhileAllBackupsHoldBack() throws Exception {
    Backup first = watching(PROBES);
    Backup second = watching(QUERIES);
    awaitMembers();
    final long token = source.token();

    stopEnsemble();
    expect(FailsafeState.ON);
    assertNull(source.lost().poll(LEASE.multipliedBy(3).toMillis(), TimeUnit.MILLISECONDS));
    startEnsemble();
    expect(FailsafeState.OFF);
    requireNodeFor(SESSION.multipliedBy(2));
    assertTrue(source.lost().isEmpty());
    assertEquals(token, source.token());
    assertTrue(first.hasHeardNothing());

    awaitMembers();
    healthy = false;
    second.expect("callback");
    assertTrue(second.token() > token);
    assertTrue(source.lost().poll(20, TimeUnit.SECONDS).startsWith("superseded"));
  }

  /** Requires that nobody finds the claim without its node, also when its first session ends. */
  private void requireNodeFor(Duration time) throws Exception {
    long beginNs = System.nanoTime();
    try (CuratorFramework client =
        CuratorFrameworkFactory.newClient(quorum.connectString(), new RetryNTimes(50, 100))) {
      client.start();
      while (System.nanoTime() - beginNs < time.toNanos()) {
        List<String> nodes = client.getChildren().forPath("/keepalive4j/vm1");
        assertTrue(nodes.stream().anyMatch(node -> node.startsWith("claim-")), nodes.toString());
        TimeUnit.MILLISECONDS.sleep(10);
      }
    }
  }

  @Test
  void theClaimOutlastsTheEndOfItsSession() throws Exception {
    watching(PROBES);
    awaitMembers();
    relay.cut();
    expect(FailsafeState.ON);
    assertNull(source.lost().poll(SESSION.multipliedBy(3).toMillis(), TimeUnit.MILLISECONDS));
    relay.mend();
    expect(FailsafeState.OFF);
    assertNull(source.lost().poll(SESSION.multipliedBy(2).toMillis(), TimeUnit.MILLISECONDS));
  }

  @Test
  void aConnectionThatPromisesNothingEndsTheLease() throws Exception {
    watching(PROBES);
    awaitMembers();
    try (LogRecords log = LogRecords.of(ZooKeeperGuard.class);
        KeepaliveSocket silent = KeepaliveSocket.connect(source.address(), PROBES)) {
      String address = silent.localAddress().toString();
      Eventually.await(
          "a warning of " + address,
          () -> log.warnings().stream().anyMatch(line -> line.contains(address)));
      assertTrue(silent.classify().isEmpty());
      stopEnsemble();
      expectTheLeaseToEnd();
    }
  }

  @Test
  void aBackupThatIsGoneEndsTheLease() throws Exception {
    watching(PROBES);
    Backup gone = watching(PROBES);
    awaitMembers();
    stopEnsemble();
    expect(FailsafeState.ON);
    gone.close();
    expectTheLeaseToEnd();
  }

  @Test
  void aSourceWithoutBackupsStopsAtItsLease() throws Exception {
    stopEnsemble();
    expectTheLeaseToEnd();
  }

  @Test
  void aBackupThatFailsOverTakesOverOnlyAfterTheSourceHasStopped() throws Exception {
    Backup other = watching(PROBES);
    Backup failing = watching(QUERIES);
    awaitMembers();
    relay.cut();
    expect(FailsafeState.ON);
    healthy = false;
    failing.expect("callback");
    source.close();
    long lostNs = at(sourceHistory(), "claim-lost");
    long begunNs = at(HistoryEvent.read(failing.journalFile()), "callback-begin");
    assertTrue(lostNs < begunNs, lostNs + " is not before " + begunNs);
    other.expect("declined: won by " + "backup-2 (token " + failing.token() + ")");
  }

  @Test
  void backupsThatAreNotAskedAreNotArmedButOneTakesOver() throws Exception {
    List<Backup> silent =
        List.of(watching(KeepaliveOptions.defaults()), watching(KeepaliveOptions.defaults()));
    for (Backup backup : silent) {
      Arming arming = backup.guard().arming();
      assertEquals(Arming.State.NOT_ARMED, arming.state(), arming.text());
      String reason = " has not asked this backup to hold back yet";
      assertTrue(arming.text().contains(reason), arming.text());
    }
    relay.cut();
    Set<String> heard = Set.of(silent.get(0).next(), silent.get(1).next());
    assertTrue(heard.contains("callback"), heard.toString());
    assertTrue(heard.stream().anyMatch(text -> text.startsWith("declined: won by ")), "" + heard);
  }

  private static long at(List<HistoryEvent> history, String event) {
    return history.stream().filter(line -> line.is(event)).findFirst().orElseThrow().atNs();
  }

  @Test
  void anotherSourceIsNotGrantedWhatTheBackupsKeepForTheHolder() throws Exception {
    watching(PROBES);
    awaitMembers();
    relay.cut();
    expect(FailsafeState.ON);
    IOException declined =
        assertThrows(
            IOException.class,
            () ->
                ServingSource.open(
                    directory.resolve("other.journal"),
                    ZooKeeperGuard.builder(quorum.connectString(), "vm1"),
                    SESSION.multipliedBy(3),
                    () -> true));
    String reason = declined.getMessage();
    assertTrue(reason.contains("may run on in failsafe mode"), reason);
    assertTrue(source.lost().isEmpty());
  }
}
