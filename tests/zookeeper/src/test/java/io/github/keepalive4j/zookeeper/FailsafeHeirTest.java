package io.github.keepalive4j.zookeeper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.Liveness;
import io.github.keepalive4j.support.Background;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.LogRecords;
import io.github.keepalive4j.testkit.event.ClaimRequests;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A backup that took over and serves keeps its claim through an outage as a source does. */
@Timeout(120)
class FailsafeHeirTest {
  private static final Duration SESSION = Duration.ofMillis(4_800);
  private static final Duration LEASE = SESSION.multipliedBy(2).dividedBy(3);
  private static final Duration AMPLE = Duration.ofSeconds(20);
  private static final KeepaliveOptions PROBES =
      KeepaliveOptions.detectWithin(Duration.ofMillis(500), Liveness.HOST);

  private static Quorum quorum;

  @TempDir private Path directory;
  private Relay relay; // between the heir and the ensemble
  private final BlockingQueue<FailsafeState> states = new LinkedBlockingQueue<>();
  private final List<Backup> backups = new ArrayList<>();
  private Backup heir;

  @BeforeAll
  static void startQuorum() throws Exception {
    quorum = Quorum.start();
  }

  @AfterAll
  static void stopQuorum() throws Exception {
    quorum.close();
  }

  /** Has a backup take over from a source without a failsafe mode. */
  @BeforeEach
  void takeOver() throws Exception {
    relay = new Relay(quorum.servers().get(0).getInstanceSpec().getPort());
    heir = open("heir", relay.address(), builder -> builder.failsafe(states::add));
    try (ServingSource source =
        ServingSource.open(
            directory.resolve("source.journal"), builder("source"), AMPLE, () -> true)) {
      heir.watch(source.address(), PROBES);
      Eventually.await("armed", () -> heir.guard().arming().state() == Arming.State.ARMED);
    }
    heir.expect("callback");
  }

  private static ZooKeeperGuard.Builder builder(String holder) {
    return ZooKeeperGuard.builder(quorum.connectString(), "vm1")
        .holder(holder)
        .sessionTimeout(SESSION);
  }

  private Backup open(String name, String ensemble, UnaryOperator<ZooKeeperGuard.Builder> setUp)
      throws Exception {
    Backup backup =
        Backup.open(
            name, directory, ensemble, builder -> setUp.apply(builder.sessionTimeout(SESSION)));
    backups.add(backup);
    backup.awaitConnected();
    return backup;
  }

  @AfterEach
  void stop() throws Exception {
    List<HistoryEvent> history =
        new ArrayList<>(HistoryEvent.read(directory.resolve("source.journal")));
    for (Backup backup : backups) {
      backup.close();
      history.addAll(HistoryEvent.read(backup.journalFile()));
    }
    relay.close();
    assertEquals(List.of(), HistoryChecker.violations(history));
  }

  private InetSocketAddress advertise() throws Exception {
    return heir.advertise(heir.guard().watchClaim(status -> {}));
  }

  /** Starts a backup of the heir's, and waits until it is known there. */
  private Backup follow(InetSocketAddress address) throws Exception {
    Backup backup = open("follower", quorum.connectString(), builder -> builder);
    backup.guard().watchClaim(status -> {}).linkTo(address.toString());
    backup.watch(address, PROBES);
    Eventually.await("the follower is asked", () -> backup.guard().isKnownToHolder());
    return backup;
  }

  private void expect(FailsafeState state) throws InterruptedException {
    assertEquals(state, states.poll(20, TimeUnit.SECONDS));
  }

  private void expectTheLeaseToEnd() throws InterruptedException {
    long beginNs = System.nanoTime();
    heir.expect("lost: the lease ended: no answer from the ensemble for 3200 ms");
    assertTrue(System.nanoTime() - beginNs < LEASE.multipliedBy(3).toNanos());
    assertTrue(states.isEmpty());
  }

  @Test
  void anHeirKeepsItsClaimWhileItsBackupsHoldBack() throws Exception {
    final Backup follower = follow(advertise());
    relay.cut();
    expect(FailsafeState.ON);
    heir.expectNothingFor(SESSION.multipliedBy(3));
    relay.mend();
    expect(FailsafeState.OFF);
    heir.expectNothingFor(SESSION);
    assertTrue(follower.hasHeardNothing());
    heir.close();
    follower.expect("callback");
    assertTrue(follower.token() > heir.token());
  }

  @Test
  void anHeirThatServesWithItsGuardKeepsItsClaimToo() throws Exception {
    heir.serve();
    Backup follower = follow(heir.address());
    relay.cut();
    expect(FailsafeState.ON);
    heir.expectNothingFor(SESSION);
    assertTrue(follower.hasHeardNothing());
  }

  @Test
  void anHeirThatKnowsNobodyStopsAtItsLease() throws Exception {
    InetSocketAddress address = advertise();
    assertEquals(heir.address(), address);
    relay.cut();
    expectTheLeaseToEnd();
  }

  @Test
  void anHeirThatOthersMaySucceedWithoutALinkStopsAtItsLease() throws Exception {
    follow(advertise());
    try (LogRecords log = LogRecords.of(ZooKeeperGuard.class);
        ZooKeeperGuard beaten = builder("the beaten").open();
        ZooKeeperGuard waiting = builder("the waiting").open()) {
      ClaimWatch unused = beaten.watchClaim(status -> {});
      Background<?> claim =
          Background.start(() -> waiting.claim(ClaimRequests.serving().remaining(AMPLE).build()));
      Eventually.await(
          "a warning of both",
          () ->
              log.warnings().stream()
                  .anyMatch(line -> line.contains("the beaten") && line.contains("the waiting")));
      relay.cut();
      expectTheLeaseToEnd();
      claim.interrupt();
    }
  }
}
