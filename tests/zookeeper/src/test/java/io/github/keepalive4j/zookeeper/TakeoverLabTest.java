package io.github.keepalive4j.zookeeper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.Journal;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.Liveness;
import io.github.keepalive4j.support.RequiresLab;
import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.Lab;
import io.github.keepalive4j.testkit.ManagedProcess;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Tests five backups, a source and an ensemble of three servers, each on a host of its own. */
@Isolated("a source has 100 ms for its answer")
@RequiresLab
@Timeout(1_200)
class TakeoverLabTest {
  private static final int PORT = 9999;
  private static final String RECORD = "/keepalive4j/vm1";
  private static final Duration AMPLE = Duration.ofSeconds(30);
  private static final Duration BUDGET = Duration.ofMillis(100);

  /** How long a dead source is given to answer, by default. */
  private static final Duration ACKNOWLEDGE = Duration.ofMillis(50);

  private static final List<String> SMALL =
      List.of("-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  @TempDir private static Path ensembleDirectory;
  private static Lab lab;
  private static Host sourceHost;
  private static List<Host> backupHosts;
  private static LabEnsemble ensemble;

  @TempDir private Path directory;
  private final List<Backup> backups = new ArrayList<>();
  private final Set<Path> journals = new LinkedHashSet<>();
  private Journal testsJournal;
  private final List<Fault> faults = new ArrayList<>();
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
    Path file = directory.resolve("test.journal");
    testsJournal = Journal.open(file, Duration.ofSeconds(30));
    journals.add(file);
    reopenBackups(TakeoverLabTest::defaults);
  }

  private void reopenBackups(UnaryOperator<ZooKeeperGuard.Builder> setUp) throws Exception {
    for (Backup backup : backups) {
      backup.close();
    }
    backups.clear();
    for (Host host : backupHosts) {
      backups.add(open(host, host.name(), setUp));
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
    for (Fault fault : faults) {
      fault.close();
    }
    for (Backup backup : backups) {
      backup.close();
    }
    if (source != null) {
      source.kill();
    }
    testsJournal.close();
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

  private void killSource() throws Exception {
    long begunNs = System.nanoTime();
    source.kill();
    testsJournal.append(
        "holder-killed", Map.of("resource", RECORD, "token", sourceToken, "begunNs", begunNs));
  }

  /** Says that a holder can't be reached from now on, so that a successor may run beside it. */
  private void allowOverlap(long token) throws Exception {
    testsJournal.append("overlap-allowed", Map.of("resource", RECORD, "token", token));
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
  void oneBackupTakesOverInEveryRound() throws Exception {
    AtomicInteger rounds = new AtomicInteger();
    AtomicLong lastToken = new AtomicLong();
    Delays.require(
        "source dead or cut off",
        ACKNOWLEDGE.plusMillis(40), // the writes, on a busy machine
        () -> {
          startSource();
          assertTrue(sourceToken > lastToken.get());
          watchSource();
          boolean isCut = rounds.getAndIncrement() % 2 == 1;
          if (isCut) {
            allowOverlap(sourceToken);
          }
          try (Fault cut = isCut ? sourceHost.drop() : null) {
            if (cut == null) {
              killSource();
            }
            Backup winner = onlyWinner();
            assertTrue(winner.token() > sourceToken);
            lastToken.set(winner.token());
            winner.release();
            killSource();
            return winner.failure();
          }
        });
  }

  @Test
  void aSourceCutFromThreeBackupsStopsBeforeOneTakesOver() throws Exception {
    reopenBackups(builder -> defaults(builder).acknowledgeTimeout(AMPLE).releaseTimeout(AMPLE));
    startSource();
    watchSource();
    for (Host backup : backupHosts.subList(0, 3)) {
      faults.add(sourceHost.drop(backup));
    }
    Backup winner = onlyWinner();
    assertTrue(backups.subList(0, 3).contains(winner), winner.toString());
    source.awaitLine("^lost: superseded", AMPLE);
    String description = winner.claim().description();
    assertTrue(description.endsWith("has stopped"), description);
  }

  @Test
  void aBackupCutFromTheEnsembleDeclines() throws Exception {
    startSource();
    watchSource();
    for (Host server : ensemble.hosts()) {
      faults.add(backupHosts.get(0).drop(server));
    }
    killSource();
    Backup cutOff = backups.remove(0);
    Backup winner = onlyWinner();
    assertTrue(winner.token() > sourceToken);
    String heard = cutOff.next();
    assertTrue(heard.startsWith("declined: the ensemble is unavailable: "), heard);
    cutOff.close();
  }

  @Test
  void aLostAnswerLeavesNoClaimBehind() throws Exception {
    startSource();
    long before = sourceToken;
    Backup backup = backups.get(0);
    backupHosts.get(0).call(() -> watchSource(backup));
    for (Host server : ensemble.hosts()) {
      faults.add(backupHosts.get(0).dropFrom(server));
    }
    killSource();
    String heard = backup.next();
    assertTrue(heard.startsWith("declined: the ensemble is unavailable: "), heard);
    for (Fault fault : faults) {
      fault.close();
    }
    startSource();
    assertTrue(sourceToken > before);
    backup.awaitConnected();
  }

  @Test
  void takeoverWorksWithoutOneServerAndDeclinesWithoutTwo() throws Exception {
    startSource();
    watchSource();
    ensemble.kill(2);
    killSource();
    Backup winner = null;
    for (Backup backup : backups) {
      winner = backup.next().equals("callback") ? backup : winner;
    }
    assertTrue(winner != null && winner.claim().isValid());
    winner.release();

    startSource();
    watchSource();
    ensemble.kill(1);
    killSource();
    for (Backup backup : backups) {
      String heard = backup.next();
      assertTrue(heard.startsWith("declined: the ensemble is unavailable: "), heard);
    }
    ensemble.restart(1);
    ensemble.restart(2);
    for (Backup backup : backups) {
      backup.awaitConnected();
    }
  }

  @Test
  void tokensGrowAcrossARestartOfTheEnsemble() throws Exception {
    startSource();
    final long before = sourceToken;
    killSource();
    for (int server = 0; server < ensemble.hosts().size(); server++) {
      ensemble.kill(server);
    }
    for (int server = 0; server < ensemble.hosts().size(); server++) {
      ensemble.restart(server);
    }
    startSource();
    assertTrue(sourceToken > before);
    for (Backup backup : backups) {
      backup.awaitConnected();
    }
    watchSource();
    killSource();
    assertTrue(onlyWinner().token() > sourceToken);
  }

  @Test
  void aWinnerPausedBeyondItsSessionIsReplacedAndStopsActing() throws Exception {
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
      killSource();
      String callback = first.awaitLine("^callback ", AMPLE).text();
      final long firstToken = Long.parseLong(callback.substring("callback ".length()));
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

      allowOverlap(firstToken);
      Fault pause = first.stop();
      second.expect("callback");
      assertEquals(FailureCause.HUNG, second.failure().cause());
      assertTrue(second.token() > firstToken);
      assertTrue(
          System.nanoTime() - pause.effectiveNs() > TimeUnit.SECONDS.toNanos(2),
          "the session should have had to end first");
      final long wokenNs = System.nanoTime();
      pause.close();
      first.awaitLine("^lost: ", AMPLE);
      first.awaitLine("^stopped acting", AMPLE);
      first.stdin().close();
      first.waitFor(AMPLE);
      assertNoActAfterWaking(HistoryEvent.read(journal), wokenNs);
    }
  }

  private static Backup watching(Backup backup, InetSocketAddress source, KeepaliveOptions options)
      throws Exception {
    backup.watch(source, options);
    return backup;
  }

  private static void assertNoActAfterWaking(List<HistoryEvent> history, long wokenNs) {
    List<HistoryEvent> after = history.stream().filter(event -> event.atNs() >= wokenNs).toList();
    assertEquals(
        List.of("workload-stop", "claim-lost"),
        after.stream()
            .filter(event -> event.is("workload-stop") || event.is("claim-lost"))
            .map(event -> event.text("event"))
            .toList());
    assertTrue(after.stream().noneMatch(event -> event.is("act")), after.toString());
    assertTrue(
        history.stream().anyMatch(event -> event.is("act") && event.atNs() < wokenNs),
        "it never acted");
  }
}
