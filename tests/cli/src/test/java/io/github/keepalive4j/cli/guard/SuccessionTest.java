package io.github.keepalive4j.cli.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.cli.Sources;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.Jdk;
import io.github.keepalive4j.support.RequiresLab;
import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.Lab;
import io.github.keepalive4j.zookeeper.LabEnsemble;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Backups go on without anyone's help: the next one takes over from the one that took over. */
@RequiresLab
class SuccessionTest {
  private static final Duration LIMIT = Duration.ofSeconds(40);

  @TempDir private static Path ensembleFolder;
  private static Lab lab;
  private static LabEnsemble ensemble;

  @TempDir Path folder;
  private String id;
  private ActRecord acts;
  private final List<Keepalive> backups = new ArrayList<>();

  @BeforeAll
  static void openLab() throws Exception {
    lab = Lab.open("a", "b", "c", "zk1", "zk2", "zk3");
    ensemble = new LabEnsemble(lab.hosts().subList(3, 6), ensembleFolder, List.of());
  }

  @AfterAll
  static void closeLab() throws Exception {
    lab.close();
  }

  @BeforeEach
  void nameTheSource(TestInfo test) {
    id = test.getTestMethod().orElseThrow().getName();
    acts = new ActRecord(folder);
  }

  @AfterEach
  void stopAll() throws Exception {
    for (Keepalive backup : backups) {
      backup.close();
    }
    acts.killAll();
    acts.requireOneAtATime();
  }

  private Keepalive start(Host host, String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--zookeeper", ensemble.connectString(), "--source-id", id, "--json"));
    return Keepalive.runProgramOn(
        host, Keepalive.command(Jdk.java(), Keepalive.QUICK_START, all.toArray(String[]::new)));
  }

  private Sources.Listening serve() throws Exception {
    Host host = lab.host("a");
    return Sources.listening(start(host, "serve", "--bind", host.ipv4().getHostAddress()));
  }

  private Keepalive watch(String name, String... more) throws Exception {
    String source = lab.host("a").ipv4().getHostAddress() + ":9999";
    List<String> arguments =
        new ArrayList<>(
            List.of("watch", source, "--rearm", "--detect-within", "1s", "--on-failover"));
    arguments.add(acts.command(name));
    arguments.addAll(List.of(more));
    Keepalive backup = start(lab.host(name), arguments.toArray(String[]::new));
    backups.add(backup);
    return backup;
  }

  /** Ends a backup with all that it runs, as the end of its host does. */
  private void crash(Keepalive backup, ActRecord.Run run) throws Exception {
    new ProcessBuilder("kill", "-9", Long.toString(backup.pid()), Long.toString(run.pid()))
        .start()
        .waitFor();
    backup.awaitEnd();
  }

  @Test
  void eachBackupTakesOverInItsTurn() throws Exception {
    try (Sources.Listening source = serve()) {
      Keepalive b = watch("b");
      b.awaitEvent("up");
      Keepalive c = watch("c");
      c.awaitEvent("up");
      final long served = source.process().awaitEvent("granted").number("token");
      source.process().kill();
      ActRecord.Run first = acts.awaitRun(1);
      assertTrue(first.token() > served);
      boolean firstIsB = first.name().equals("b");
      Keepalive holder = firstIsB ? b : c;
      Keepalive next = firstIsB ? c : b;
      next.awaitEvent("held");
      crash(holder, first);
      ActRecord.Run second = acts.awaitRun(2);
      assertEquals(firstIsB ? "c" : "b", second.name());
      assertEquals("CLAIM_ENDED", second.cause());
      assertTrue(second.token() > first.token());
      Keepalive again = watch(first.name());
      assertEquals(second.token(), again.awaitEvent("held").number("token"));
      crash(next, second);
      ActRecord.Run third = acts.awaitRun(3);
      assertEquals(first.name(), third.name());
      assertTrue(third.token() > second.token());
    }
  }

  @Test
  void aSilentEnsembleCostsNobodyTheService() throws Exception {
    try (Sources.Listening source = serve()) {
      Keepalive b = watch("b");
      b.awaitEvent("up");
      source.process().kill();
      final ActRecord.Run first = acts.awaitRun(1);
      Keepalive c = watch("c");
      c.awaitEvent("held");
      List<Fault> pauses = new ArrayList<>();
      for (int server = 0; server < 3; server++) {
        pauses.add(ensemble.pause(server));
      }
      b.awaitEvent("claim-lost");
      Eventually.await("the end of the command", LIMIT, () -> !first.isAlive());
      Thread.sleep(6_000); // an outage of 10 s, longer than a session
      for (Fault pause : pauses) {
        pause.close();
      }
      ActRecord.Run second = acts.awaitRun(2);
      assertTrue(second.token() > first.token());
      (second.name().equals("b") ? c : b).awaitEvent("held");
      assertTrue(second.isAlive());
    }
  }

  @Test
  void withoutASourceOneTakesOverAfterATime() throws Exception {
    Keepalive b = watch("b", "--takeover-after", "2s");
    Keepalive c = watch("c", "--takeover-after", "2s");
    ActRecord.Run run = acts.awaitRun(1);
    assertEquals("UNCLAIMED", run.cause());
    (run.name().equals("b") ? c : b).awaitEvent("held");
    assertTrue(run.isAlive());
  }
}
