package io.github.keepalive4j.cli.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.cli.EventLine;
import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.cli.values.HostAndPort;
import io.github.keepalive4j.internal.AddressText;
import io.github.keepalive4j.support.Background;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.FailingSource;
import java.nio.file.Files;
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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a backup does once nobody holds the claim any more. */
@Timeout(120)
class VacancyTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** A backup that may take a vacant claim takes it sooner, also after it was declined. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** A session outlives its process here by 30 s. */
  private static final Duration SWITCHOVER = Duration.ofSeconds(10);

  private static final String NO_SOURCE = "127.0.0.1:1";

  private static ClaimServer ensemble;

  @TempDir Path folder;
  private String id;
  private Guarded guarded;
  private ActRecord acts;

  @BeforeAll
  static void startEnsemble() throws Exception {
    ensemble = ClaimServer.start();
  }

  @AfterAll
  static void stopEnsemble() throws Exception {
    ensemble.close();
  }

  @BeforeEach
  void nameTheSource(TestInfo test) {
    id = test.getTestMethod().orElseThrow().getName();
    guarded = new Guarded(folder, ensemble.options(id));
    acts = new ActRecord(folder);
  }

  @AfterEach
  void killTheRunsAndCheckTheHistory() throws Exception {
    acts.killAll();
    acts.requireOneAtATime();
    guarded.requireValidHistory();
  }

  private Path ran() {
    return folder.resolve("ran");
  }

  /** Starts a backup that takes over from a source of its own, and runs until it is stopped. */
  private Keepalive holder(String name) throws Exception {
    try (FailingSource source = new FailingSource()) {
      Keepalive holder = guarded.watch(source, "--on-failover", acts.command(name));
      holder.awaitEvent("armed");
      source.failAll();
      holder.awaitEvent("failover");
      return holder;
    }
  }

  @Test
  void aHolderThatIsStoppedMakesWayOnceItsCommandHasEnded() throws Exception {
    try (Keepalive holder = holder("first");
        Keepalive backup =
            guarded.watch(NO_SOURCE, "--rearm", "--on-failover", acts.command("second"))) {
      backup.awaitEvent("held");
      ActRecord.Run first = acts.awaitRun(1);
      long askedNs = System.nanoTime();
      holder.signal("TERM");
      ActRecord.Run second = acts.awaitRun(2);
      Duration took = Duration.ofNanos(System.nanoTime() - askedNs);
      assertTrue(took.compareTo(SWITCHOVER) < 0, took::toString);
      assertFalse(first.isAlive());
      assertEquals("second", second.name());
      assertEquals("CLAIM_ENDED", second.cause());
      assertTrue(second.token() > first.token());
      assertEquals(128 + 15, holder.awaitEnd(), holder::output);
    }
  }

  @Test
  void afterAFenceThatFailedOnlyAnotherHoldersEndCounts() throws Exception {
    String fence = "echo $KEEPALIVE_CAUSE $KEEPALIVE_TOKEN >> " + ran() + "; exit 1";
    try (Keepalive first = holder("first");
        Keepalive backup =
            guarded.watch(NO_SOURCE, "--rearm", "--fence", fence, "--on-failover", "exit 0")) {
      backup.awaitEvent("held");
      first.signal("TERM");
      EventLine declined = backup.awaitEvent("declined");
      assertEquals("CLAIM_ENDED", declined.text("cause"));
      assertTrue(declined.text("reason").endsWith("exited with 1"), declined.toString());
      Eventually.await("the release", LIMIT, () -> !ensemble.isHeld(id));
      backup.requireNone(event -> backup.events("declined").size() > 1, PATIENCE);
      try (Keepalive other = holder("other")) {
        EventLine held = backup.awaitEvent("held", 2);
        assertTrue(held.number("token") > backup.awaitEvent("held").number("token"));
        other.signal("TERM");
        backup.awaitEvent("declined", 2);
      }
      assertEquals(2, Files.readAllLines(ran()).size());
      assertEquals(List.of(), backup.events("failover"));
    }
  }

  @Test
  void aSourceThatStoodDownIsWaitedForThoughItsClaimHasEnded() throws Exception {
    try (Keepalive source = guarded.serve()) {
      String address = source.awaitEvent("listening").text("peer");
      try (Keepalive waiting = watch(address, "waiting", "--rearm");
          Keepalive ending = watch(address, "ending")) {
        waiting.awaitEvent("armed");
        ending.awaitEvent("armed");
        source.signal("TERM");
        assertEquals(0, ending.awaitEnd(), ending::output);
        assertEquals("LEFT", ending.awaitEvent("closed").text("cause"));
        assertEquals("LEFT", waiting.awaitEvent("closed").text("cause"));
        assertEquals(128 + 15, source.awaitEnd(), source::output);
        assertFalse(ensemble.isHeld(id));
        waiting.requireNone(event -> event.type().equals("failover"), PATIENCE);
        try (FailingSource again =
            new FailingSource(new HostAndPort.Converter().convert(address).resolve())) {
          again.answerOne('A');
          waiting.awaitEvent("up", 2);
        }
        assertEquals("waiting", acts.awaitRun(1).name());
      }
    }
  }

  /** The backup's next attempt to connect would come later. */
  @Test
  void aSourceWithoutAClaimThatAnswersIsWatchedInstead() throws Exception {
    int attempts = 6; // after these it waits for 2.5 s or more
    try (FailingSource source = new FailingSource();
        Keepalive holder = holder("first");
        Keepalive backup = watch(AddressText.of(source.address()), "second", "--rearm")) {
      for (int attempt = 1; attempt <= attempts; attempt++) {
        source.accept();
        source.failAll();
      }
      holder.signal("TERM");
      Background<?> unused = Background.start(() -> answer(source, 2)); // the try, and the link
      backup.awaitEvent("up");
      assertEquals(List.of(), backup.events("failover"));
    }
  }

  private static int answer(FailingSource source, int backups) {
    for (int backup = 0; backup < backups; backup++) {
      source.answerOne('A');
    }
    return backups;
  }

  /** By probes it hears why the source ends. */
  private Keepalive watch(String source, String name, String... more) throws Exception {
    List<String> options = new ArrayList<>(List.of("--detect-within", "2s"));
    options.addAll(List.of("--on-failover", acts.command(name)));
    options.addAll(List.of(more));
    return guarded.watch(source, options.toArray(String[]::new));
  }

  @Test
  void afterACommandThatFailedTheOthersHaveFiveSeconds() throws Exception {
    String fails = "echo $(date +%s%N) $KEEPALIVE_CAUSE >> " + ran() + "; exit 1";
    try (FailingSource source = new FailingSource();
        Keepalive backup =
            guarded.watch(source, "--rearm", "--takeover-after", "1s", "--on-failover", fails)) {
      backup.awaitEvent("armed");
      source.vanish();
      Eventually.await("another try", LIMIT, () -> runs().size() >= 2);
      String[] first = runs().get(0).split(" ", -1);
      String[] second = runs().get(1).split(" ", -1);
      assertEquals("CLOSED", first[1]);
      assertEquals("CLAIM_ENDED", second[1]);
      long tookNs = Long.parseLong(second[0]) - Long.parseLong(first[0]);
      assertTrue(tookNs >= 5_000_000_000L, tookNs + " ns");
    }
  }

  private List<String> runs() throws Exception {
    return Files.exists(ran()) ? Files.readAllLines(ran()) : List.of();
  }
}
