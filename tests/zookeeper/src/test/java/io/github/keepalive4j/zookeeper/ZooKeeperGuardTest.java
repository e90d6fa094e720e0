package io.github.keepalive4j.zookeeper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.ClaimDeclinedException;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.TakeoverGuard;
import io.github.keepalive4j.support.FailingSource;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests claims on an ensemble that works. */
@Timeout(60)
class ZooKeeperGuardTest {
  private static final Duration AMPLE = Duration.ofSeconds(20);
  private static final Duration SESSION = Duration.ofSeconds(6);

  /** The reason where a busy machine leaves the guard no time to give a better one. */
  private static final String NO_ANSWER = "declined: the guard gave no answer within .*";

  private static final int MOST_ATTEMPTS = 3;

  @RegisterExtension static final SharedQuorum quorum = new SharedQuorum();

  @TempDir private Path directory;
  private Contenders contenders;
  private FailingSource links;

  @BeforeEach
  void open() throws Exception {
    contenders = new Contenders(directory, quorum.connectString());
    links = contenders.links();
  }

  private static ZooKeeperGuard.Builder defaults(ZooKeeperGuard.Builder builder) {
    return builder.sessionTimeout(SESSION).acknowledgeTimeout(AMPLE).releaseTimeout(AMPLE);
  }

  @AfterEach
  void closeAllAndCheckTheHistory() throws Exception {
    contenders.close();
    contenders.requireValidHistory();
    awaitNoClaims();
  }

  private static CuratorFramework newClient() {
    CuratorFramework client =
        CuratorFrameworkFactory.newClient(quorum.connectString(), new RetryOneTime(100));
    client.start();
    return client;
  }

  /** Waits until no claim is left, because the next test would have to wait for it. */
  private static void awaitNoClaims() throws Exception {
    try (CuratorFramework client = newClient()) {
      while (client.checkExists().forPath("/keepalive4j/vm1") != null
          && !client.getChildren().forPath("/keepalive4j/vm1").isEmpty()) {
        Thread.onSpinWait();
      }
    }
  }

  private static String record() throws Exception {
    try (CuratorFramework client = newClient()) {
      return new String(client.getData().forPath("/keepalive4j/vm1"), StandardCharsets.UTF_8);
    }
  }

  private ServingSource serve(String name, Duration timeout) throws Exception {
    return serve(name, timeout, UnaryOperator.identity());
  }

  private ServingSource serve(String name, Duration timeout, UnaryOperator<TakeoverGuard> more)
      throws Exception {
    return contenders.serve(name, timeout, ZooKeeperGuardTest::defaults, more);
  }

  private Backup backup(UnaryOperator<ZooKeeperGuard.Builder> setUp) throws Exception {
    return backup(setUp, UnaryOperator.identity());
  }

  private Backup backup(
      UnaryOperator<ZooKeeperGuard.Builder> setUp, UnaryOperator<TakeoverGuard> more)
      throws Exception {
    return contenders.backup(setUp, more, AMPLE);
  }

  /** Asks again where the machine was too busy for the reason. */
  private static String reasonOf(Callable<String> attempt) throws Exception {
    String heard = attempt.call();
    for (int i = 1; i < MOST_ATTEMPTS && heard.matches(NO_ANSWER); i++) {
      heard = attempt.call();
    }
    return heard;
  }

  private String failOver(Backup backup) throws Exception {
    backup.watch(links);
    links.failOne();
    return backup.next();
  }

  private void takeOver(Backup backup) throws Exception {
    backup.watch(links);
    links.failOne();
    backup.expect("callback");
  }

  @Test
  void oneOfFiveBackupsTakesOverAfterTheSourceHasStopped() throws Exception {
    ServingSource source = serve("source", AMPLE);
    for (int i = 0; i < 5; i++) {
      backup(ZooKeeperGuardTest::defaults).watch(links);
    }
    links.failAll();
    int callbacks = 0;
    for (Backup backup : contenders.backups()) {
      String heard = backup.next();
      if (heard.equals("callback")) {
        callbacks++;
        assertTrue(backup.token() > source.token());
        assertEquals(source.token(), backup.claim().supersedes().orElseThrow());
        assertTrue(backup.claim().description().contains("source (token"));
        assertTrue(
            backup.claim().description().endsWith("has stopped"), backup.claim().description());
      } else {
        assertTrue(heard.startsWith("declined: won by backup-"), heard);
      }
    }
    assertEquals(1, callbacks);
    assertTrue(source.lost().remove().startsWith("superseded: "));
  }

  @Test
  void theNextHolderWaitsUntilTheFormerOneHasStopped() throws Exception {
    ServingSource source = serve("source", AMPLE);
    CompletableFuture<Void> stopped = source.stopLate();
    Backup backup = backup(ZooKeeperGuardTest::defaults);
    backup.watch(links);
    links.failOne();
    assertNotNull(source.lost().poll(20, TimeUnit.SECONDS));
    backup.expectNothingFor(Duration.ofMillis(300));
    stopped.complete(null);
    backup.expect("callback");
    assertTrue(backup.claim().description().endsWith("has stopped"));
  }

  @Test
  @Timeout(600)
  void oneBackupTakesOverInEveryRoundAfterTheSourceHasStopped() throws Exception {
    for (int i = 0; i < 5; i++) {
      backup(ZooKeeperGuardTest::defaults);
    }
    AtomicLong last = new AtomicLong();
    Delays.require(
        "source alive on the ensemble",
        Workload.STOP.plusMillis(50), // the stop is put on record, too
        () -> {
          ServingSource source = serve("source-" + last, AMPLE);
          assertTrue(source.token() > last.get());
          for (Backup backup : contenders.backups()) {
            backup.watch(links);
          }
          links.failAll();
          Backup winner = onlyWinner();
          Failure failure = winner.failure();
          assertTrue(winner.claim().description().endsWith("has stopped"));
          last.set(winner.token());
          winner.release();
          source.close();
          return failure;
        });
  }

  private Backup onlyWinner() throws Exception {
    List<Backup> winners = new ArrayList<>();
    for (Backup backup : contenders.backups()) {
      if (backup.next().equals("callback")) {
        winners.add(backup);
      }
    }
    assertEquals(1, winners.size(), winners.toString());
    return winners.get(0);
  }

  @Test
  void aLateBackupDeclinesEvenAfterTheWinnerHasReleased() throws Exception {
    Backup winner = backup(ZooKeeperGuardTest::defaults);
    Backup late = backup(ZooKeeperGuardTest::defaults);
    winner.watch(links);
    late.watch(links);
    links.failOne();
    winner.expect("callback");
    winner.release();
    links.failOne();
    String heard = late.next();
    assertTrue(heard.startsWith("declined: won by backup-1 (token "), heard);
  }

  @ParameterizedTest
  @EnumSource
  void aWinnerWhoseFenceFailsIsReplaced(LiveHolder liveHolder) throws Exception {
    AtomicInteger fences = new AtomicInteger();
    TakeoverGuard fence =
        request -> {
          if (fences.incrementAndGet() < 3) {
            throw new ClaimDeclinedException("no power");
          }
          return Claim.lasting("fenced");
        };
    for (int i = 0; i < 4; i++) {
      backup(
              builder -> defaults(builder).liveHolder(liveHolder),
              guard -> TakeoverGuard.allOf(guard, fence))
          .watch(links);
    }
    links.failAll();
    Map<String, Long> heard = new TreeMap<>();
    for (Backup backup : contenders.backups()) {
      heard.merge(backup.next().replaceFirst("(by backup-).*", "$1"), 1L, Long::sum);
    }
    assertEquals(
        Map.of("callback", 1L, "declined: no power", 2L, "declined: won by backup-", 1L), heard);
    assertEquals(3, fences.get());
  }

  @Test
  void aBeatenBackupWaitsForTheWinnerUntilItsTimeRunsOut() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch fenced = new CountDownLatch(1);
    TakeoverGuard fence =
        request -> {
          asked.countDown();
          fenced.await();
          return Claim.lasting("fenced");
        };
    Backup winner =
        backup(ZooKeeperGuardTest::defaults, guard -> TakeoverGuard.allOf(guard, fence));
    Queue<Backup> beaten = new ArrayDeque<>();
    winner.watch(links);
    for (int i = 0; i < MOST_ATTEMPTS; i++) {
      Backup next =
          contenders.backup(
              ZooKeeperGuardTest::defaults, UnaryOperator.identity(), Duration.ofSeconds(2));
      next.watch(links);
      beaten.add(next);
    }
    links.failOne();
    asked.await();
    String heard =
        reasonOf(
            () -> {
              links.failOne();
              return beaten.remove().next();
            });
    fenced.countDown();
    assertTrue(heard.matches("declined: won by backup-1 .*, which has not begun yet"), heard);
    winner.expect("callback");
  }

  @Test
  void aBackupThatReplacesTheWinnerWaitsForTheSourceToo() throws Exception {
    ServingSource source = serve("source", AMPLE);
    CompletableFuture<Void> stopped = source.stopLate();
    CountDownLatch beaten = new CountDownLatch(1);
    TakeoverGuard fence =
        request -> {
          beaten.await();
          throw new ClaimDeclinedException("no power");
        };
    Backup first =
        backup(
            builder -> defaults(builder).releaseTimeout(Duration.ZERO),
            guard -> TakeoverGuard.allOf(guard, fence));
    Backup next = backup(ZooKeeperGuardTest::defaults);
    first.watch(links);
    next.watch(links);
    links.failOne();
    assertNotNull(source.lost().poll(20, TimeUnit.SECONDS));
    links.failOne();
    beaten.countDown();
    first.expect("declined: no power");
    next.expectNothingFor(Duration.ofMillis(500));
    stopped.complete(null);
    next.expect("callback");
    String description = next.claim().description();
    assertTrue(description.matches(".*source \\(token .*has stopped"), description);
  }

  /** The ensemble has answered, so a lack of time is no reason to act without a claim. */
  @RepeatedTest(4)
  void aBackupThatReplacesTheWinnerLateNeverActsWithoutAClaim() throws Exception {
    CountDownLatch fails = new CountDownLatch(1);
    TakeoverGuard fence =
        request -> {
          fails.await();
          throw new ClaimDeclinedException("no power");
        };
    backup(ZooKeeperGuardTest::defaults, guard -> TakeoverGuard.allOf(guard, fence)).watch(links);
    Backup next =
        contenders.backup(
            builder -> defaults(builder).whenUnavailable(Unavailable.GRANT),
            UnaryOperator.identity(),
            Duration.ofSeconds(1));
    next.watch(links);
    links.failAll();
    TimeUnit.MILLISECONDS.sleep(945); // the guard leaves itself 50 for saying why it declines
    fails.countDown();
    String heard = next.next();
    if (heard.equals("callback")) {
      assertTrue(next.claim().token().isPresent(), heard);
    } else {
      assertTrue(heard.matches("declined: won by backup-1 .*|" + NO_ANSWER), heard);
    }
  }

  @Test
  void aSourceWatchedBeforeItBeganCanBeReplaced() throws Exception {
    Backup backup = backup(ZooKeeperGuardTest::defaults);
    TakeoverGuard foundMeanwhile =
        request -> {
          backup.watch(links);
          return Claim.lasting("watched");
        };
    ServingSource source =
        serve("source", AMPLE, guard -> TakeoverGuard.allOf(guard, foundMeanwhile));
    links.failOne();
    backup.expect("callback");
    assertEquals(source.token(), backup.claim().supersedes().orElseThrow());
  }

  @Test
  void tokensGrowFromTakeoverToTakeover() throws Exception {
    long last = 0;
    Backup backup = backup(ZooKeeperGuardTest::defaults);
    for (int i = 0; i < 5; i++) {
      takeOver(backup);
      assertTrue(backup.token() > last);
      last = backup.token();
      backup.release();
    }
  }

  @Test
  void tokensGrowAfterTheRecordIsDeleted() throws Exception {
    Backup backup = backup(ZooKeeperGuardTest::defaults);
    takeOver(backup);
    final long before = backup.token();
    backup.release();
    awaitNoClaims();
    try (CuratorFramework client = newClient()) {
      client.delete().deletingChildrenIfNeeded().forPath("/keepalive4j");
    }
    takeOver(backup);
    assertTrue(backup.token() > before);
  }

  @Test
  void awaitDeclinesWhenTheTimeRunsOut() throws Exception {
    ServingSource source = serve("source", AMPLE);
    Backup backup =
        contenders.backup(
            builder -> defaults(builder).liveHolder(LiveHolder.AWAIT),
            UnaryOperator.identity(),
            Duration.ofSeconds(1));
    String heard = reasonOf(() -> failOver(backup));
    String held = "declined: held by source \\(token .*\\), whose session on the ensemble is alive";
    assertTrue(heard.matches(held), heard);
    assertTrue(source.lost().isEmpty());
  }

  @RepeatedTest(5)
  void awaitTakesOverOnceTheHolderHasGone() throws Exception {
    ServingSource source = serve("source", AMPLE);
    Backup backup = backup(builder -> defaults(builder).liveHolder(LiveHolder.AWAIT));
    backup.watch(links);
    links.failOne();
    backup.expectNothingFor(Duration.ofMillis(300)); // a holder that is told stops at once
    assertTrue(source.lost().isEmpty());
    source.close();
    backup.expect("callback");
  }

  @Test
  void aRestartedSourceIsRefusedWhileABackupHoldsTheClaim() throws Exception {
    Backup holder = backup(ZooKeeperGuardTest::defaults);
    takeOver(holder);
    String heard = reasonOf(this::reasonOfARefusedSource);
    String held = "held by backup-1 \\(token .*\\), whose session on the ensemble is alive";
    assertTrue(heard.matches("declined: " + held), heard);
    holder.release();
    ServingSource source = serve("source", AMPLE);
    assertTrue(source.token() > holder.token());
  }

  private String reasonOfARefusedSource() {
    ClaimDeclinedException declined =
        assertThrows(
            ClaimDeclinedException.class,
            () -> serve("early-" + System.nanoTime(), Duration.ofSeconds(2)).close());
    return "declined: " + declined.getMessage();
  }

  @Test
  void aBackupThatTookOverServesOnItsClaim() throws Exception {
    Backup backup = backup(ZooKeeperGuardTest::defaults);
    takeOver(backup);
    assertTrue(record().contains(" role=backup"), record());
    long token = backup.token();
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (KeepaliveServer server =
        KeepaliveServer.builder().guard(backup.guard(), AMPLE).open(anyPort)) {
      assertEquals(token, server.claim().orElseThrow().token().orElseThrow());
      assertTrue(record().contains(" " + token + " role=source\n"), record());
    }
    assertFalse(backup.claim().isValid());
  }

  @Test
  void aHolderWhoseNodeIsDeletedIsCalledBack() throws Exception {
    Backup backup = backup(ZooKeeperGuardTest::defaults);
    takeOver(backup);
    try (CuratorFramework client = newClient()) {
      for (String claim : client.getChildren().forPath("/keepalive4j/vm1")) {
        client.delete().forPath("/keepalive4j/vm1/" + claim);
      }
    }
    backup.expect("lost: the claim's node is gone from /keepalive4j/vm1");
    assertFalse(backup.claim().isValid());
  }

  @Test
  void aHolderKeepsItsClaimBeyondItsSessionTimeout() throws Exception {
    Duration session = Duration.ofSeconds(3);
    Backup backup = backup(builder -> defaults(builder).sessionTimeout(session));
    takeOver(backup);
    long untilNs = System.nanoTime() + session.multipliedBy(2).toNanos();
    while (System.nanoTime() < untilNs) {
      assertTrue(backup.claim().isValid());
      TimeUnit.MILLISECONDS.sleep(20);
    }
    assertTrue(backup.hasHeardNothing());
  }
}
