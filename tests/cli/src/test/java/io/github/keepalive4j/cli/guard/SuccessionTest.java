package io.github.keepalive4j.cli.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.RequiresLab;
import io.github.keepalive4j.testkit.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
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
  private static ClaimLab lab;

  @TempDir Path folder;
  private ClaimLab.Site site;
  private ActRecord acts;

  @BeforeAll
  static void openLab() throws Exception {
    lab = new ClaimLab(ensembleFolder);
  }

  @AfterAll
  static void closeLab() throws Exception {
    lab.close();
  }

  @BeforeEach
  void open(TestInfo test) {
    site = lab.site(test, folder);
    acts = site.acts();
  }

  @AfterEach
  void close() throws Exception {
    site.close();
    acts.requireOneAtATime();
  }

  private Keepalive watch(String host, String... more) throws Exception {
    String[] options = {"--rearm", "--detect-within", "1s"};
    return site.watch(host, Stream.of(options, more).flatMap(Stream::of).toArray(String[]::new));
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
    Keepalive source = site.serve();
    Keepalive b = watch("b");
    b.awaitEvent("up");
    Keepalive c = watch("c");
    c.awaitEvent("up");
    final long served = source.awaitEvent("granted").number("token");
    source.kill();
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

  @Test
  void aSilentEnsembleCostsNobodyTheService() throws Exception {
    Keepalive source = site.serve();
    Keepalive b = watch("b");
    b.awaitEvent("up");
    source.kill();
    final ActRecord.Run first = acts.awaitRun(1);
    Keepalive c = watch("c");
    c.awaitEvent("held");
    List<Fault> pauses = new ArrayList<>();
    for (int server = 0; server < 3; server++) {
      pauses.add(lab.ensemble().pause(server));
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
