package io.github.keepalive4j.zookeeper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.Liveness;
import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.Lab;
import io.github.keepalive4j.testkit.ManagedProcess;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Five backups, a source and an ensemble of three, each on a host of its own. */
@RequiresLab
@Timeout(1_200)
class TakeoverLabTest {
  private static final int ROUNDS = Integer.getInteger("keepalive4j.rounds", 10);
  private static final int PORT = 9999;
  private static final Duration AMPLE = Duration.ofSeconds(30);
  private static final Duration BUDGET = Duration.ofMillis(100);
  private static final List<String> SMALL =
      List.of("-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  @TempDir private static Path ensembleDirectory;
  private static Lab lab;
  private static Host sourceHost;
  private static List<Host> backupHosts;
  private static LabEnsemble ensemble;

  @TempDir private Path directory;
  private final List<Backup> backups = new ArrayList<>();
  private final List<Path> journals = new ArrayList<>();
  private ManagedProcess source; // the latest
  private long sourceToken;

  @BeforeAll
  static void openLab() throws Exception {
    lab = Lab.open("source", "b1", "b2", "b3", "b4", "b5", "zk1", "zk2", "zk3");
    sourceHost = lab.host("source");
    backupHosts = lab.hosts().subList(1, 6);
    ensemble = new LabEnsemble(lab.hosts().subList(6, 9), ensembleDirectory);
  }

  @AfterAll
  static void closeLab() throws Exception {
    lab.close();
  }

  @BeforeEach
  void openBackups() throws Exception {
    for (Host host : backupHosts) {
      backups.add(open(host, host.name(), TakeoverLabTest::defaults));
    }
  }

  private static ZooKeeperGuard.Builder defaults(ZooKeeperGuard.Builder builder) {
    return builder.sessionTimeout(Duration.ofSeconds(3));
  }

  private Backup open(Host host, String name, UnaryOperator<ZooKeeperGuard.Builder> setUp)
      throws Exception {
    Backup backup = host.call(() -> Backup.open(name, directory, ensemble.connectString(), setUp));
    journals.add(backup.journalFile());
    backup.awaitConnected();
    return backup;
  }

  @AfterEach
  void closeAllAndCheckTheHistory() throws Exception {
    for (Backup backup : backups) {
      backup.close();
    }
    if (source != null) {
      source.kill();
    }
    List<HistoryEvent> history = new ArrayList<>();
    for (Path journal : journals) {
      history.addAll(HistoryEvent.read(journal));
    }
    assertEquals(List.of(), HistoryChecker.violations(history));
  }

  private void startSource() throws Exception {
    Path journal = directory.resolve("source-" + journals.size() + ".journal");
    journals.add(journal);
    source =
        sourceHost.startJava(
            SMALL,
            SourceProgram.class,
            ensemble.connectString(),
            sourceHost.ipv4().getHostAddress(),
            Integer.toString(PORT),
            journal.toString());
    String serving = source.awaitLine("^serving ", AMPLE).text();
    sourceToken = Long.parseLong(serving.substring("serving ".length()));
  }

  private void watchSource() throws Exception {
    for (int i = 0; i < backups.size(); i++) {
      Backup backup = backups.get(i);
      backupHosts.get(i).call(() -> watchSource(backup));
    }
  }

  private static Backup watchSource(Backup backup) throws Exception {
    backup.watch(
        new InetSocketAddress(sourceHost.ipv4(), PORT), KeepaliveOptions.detectWithin(BUDGET));
    return backup;
  }

  /**
   * Waits until each backup has taken over or declined, and returns the only one that took over.
   */
  private Backup onlyWinner() throws Exception {
    List<Backup> winners = new ArrayList<>();
    for (Backup backup : backups) {
      String heard = backup.next();
      if (heard.equals("callback")) {
        winners.add(backup);
      } else {
        assertTrue(heard.startsWith("declined: won by "), heard);
      }
    }
    assertEquals(1, winners.size(), winners.toString());
    return winners.get(0);
  }

  @Test
  void inEachRoundOneTakesOver() throws Exception {
    List<Long> delaysNs = new ArrayList<>();
    long lastToken = 0;
    for (int round = 0; round < ROUNDS; round++) {
      startSource();
      assertTrue(sourceToken > lastToken);
      watchSource();
      try (Fault cut = round % 2 == 0 ? null : sourceHost.drop()) {
        if (cut == null) {
          source.kill();
        }
        Backup winner = onlyWinner();
        delaysNs.add(winner.failure().callbackNs() - winner.failure().verdictNs());
        assertTrue(winner.token() > sourceToken);
        lastToken = winner.token();
        winner.claim().release();
        source.kill();
      }
    }
    report(delaysNs);
  }

  private static void report(List<Long> delaysNs) {
    List<Long> sorted = delaysNs.stream().sorted().toList();
    double medianMs = sorted.get(sorted.size() / 2) / 1e6;
    double p99Ms = sorted.get((int) Math.ceil(0.99 * sorted.size()) - 1) / 1e6;
    System.out.printf(
        "ROUNDS %d: verdict to callback median %.1f ms, p99 %.1f ms, max %.1f ms%n",
        sorted.size(), medianMs, p99Ms, sorted.get(sorted.size() - 1) / 1e6);
    assertTrue(medianMs < 100, "median " + medianMs + " ms");
  }

  @Test
  void aSourceCutFromHalfOfItsBackupsStopsBeforeOneTakesOver() throws Exception {
    startSource();
    watchSource();
    List<Fault> cuts = new ArrayList<>();
    for (Host backup : backupHosts.subList(0, 3)) {
      cuts.add(sourceHost.drop(backup));
    }
    Backup winner = onlyWinner();
    assertTrue(backups.subList(0, 3).contains(winner), winner.toString());
    source.awaitLine("^lost: superseded", AMPLE);
    String description = winner.claim().description();
    assertTrue(description.endsWith("has stopped"), description);
    for (Fault cut : cuts) {
      cut.close();
    }
  }

  @Test
  void aBackupCutFromTheEnsembleDeclines() throws Exception {
    startSource();
    watchSource();
    List<Fault> cuts = new ArrayList<>();
    for (Host server : ensemble.hosts()) {
      cuts.add(backupHosts.get(0).drop(server));
    }
    source.kill();
    Backup cutOff = backups.remove(0);
    Backup winner = onlyWinner();
    assertTrue(winner.token() > sourceToken);
    String heard = cutOff.next();
    assertTrue(heard.startsWith("declined: the ensemble can't be asked: "), heard);
    for (Fault cut : cuts) {
      cut.close();
    }
    cutOff.close();
  }

  @Test
  void anEnsembleWithoutOneGoesOnAndWithoutTwoDeclines() throws Exception {
    startSource();
    watchSource();
    ensemble.kill(2);
    source.kill();
    Backup winner = null;
    for (Backup backup : backups) {
      winner = backup.next().equals("callback") ? backup : winner;
    }
    assertTrue(winner != null && winner.claim().isValid());
    winner.claim().release();

    startSource();
    watchSource();
    ensemble.kill(1);
    source.kill();
    for (Backup backup : backups) {
      String heard = backup.next();
      assertTrue(heard.startsWith("declined: the ensemble can't be asked: "), heard);
    }
    ensemble.restart(1);
    ensemble.restart(2);
    for (Backup backup : backups) {
      backup.awaitConnected();
    }
  }

  @Test
  void aWinnerPausedThroughItsSessionIsSucceededAndActsNoMore() throws Exception {
    startSource();
    Path journal = directory.resolve("first.journal");
    journals.add(journal);
    try (ManagedProcess first =
        backupHosts
            .get(0)
            .startJava(
                SMALL,
                BackupProgram.class,
                ensemble.connectString(),
                sourceHost.ipv4().getHostAddress(),
                backupHosts.get(0).ipv4().getHostAddress(),
                Integer.toString(PORT),
                journal.toString())) {
      first.awaitLine("^armed", AMPLE);
      source.kill();
      String callback = first.awaitLine("^callback ", AMPLE).text();
      first.awaitLine("^serving at ", AMPLE);

      Backup second =
          open(
              backupHosts.get(1),
              "second",
              builder -> defaults(builder).liveHolder(LiveHolder.AWAIT));
      backups.add(second);
      InetSocketAddress successor = new InetSocketAddress(backupHosts.get(0).ipv4(), PORT);
      KeepaliveOptions asking =
          KeepaliveOptions.detectWithin(Duration.ofMillis(500), Liveness.PROCESS);
      backupHosts.get(1).call(() -> watching(second, successor, asking));

      Fault pause = first.stop();
      second.expect("callback");
      assertEquals(FailureCause.HUNG, second.failure().cause());
      assertTrue(second.token() > Long.parseLong(callback.substring("callback ".length())));
      assertTrue(
          System.nanoTime() - pause.effectiveNs() > TimeUnit.SECONDS.toNanos(2),
          "the session should have had to end first");
      final long wokenNs = System.nanoTime();
      pause.close();
      first.awaitLine("^lost: ", AMPLE);
      first.awaitLine("^stopped acting", AMPLE);
      first.stdin().close();
      first.waitFor(AMPLE);
      assertFirstActIsToHearOfTheLoss(HistoryEvent.read(journal), wokenNs);
    }
  }

  private static Backup watching(Backup backup, InetSocketAddress source, KeepaliveOptions options)
      throws Exception {
    backup.watch(source, options);
    return backup;
  }

  private static void assertFirstActIsToHearOfTheLoss(List<HistoryEvent> history, long wokenNs) {
    List<HistoryEvent> after = history.stream().filter(event -> event.atNs() >= wokenNs).toList();
    assertTrue(after.get(0).is("claim-lost"), after.toString());
    assertTrue(after.stream().noneMatch(event -> event.is("act")), after.toString());
    assertTrue(
        history.stream().anyMatch(event -> event.is("act") && event.atNs() < wokenNs),
        "it never acted");
  }
}
