package io.github.keepalive4j.cli.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.cli.EventLine;
import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.cli.Sources;
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
import org.junit.jupiter.api.parallel.Isolated;

/** A backup that took over is watched in its turn, at the budget of those that it beat. */
@Isolated("a failover is measured")
@RequiresLab
class AdvertiseTest {
  /** A session on the ensemble outlives a dead holder by twice that. */
  private static final Duration BUDGET_AND_SLACK = Duration.ofSeconds(3);

  @TempDir private static Path ensembleFolder;
  private static ClaimLab lab;

  @TempDir Path folder;
  private ClaimLab.Site site;
  private ActRecord acts;
  private long cutNs;
  private final List<Fault> cuts = new ArrayList<>();

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
    for (Fault cut : cuts) {
      cut.close();
    }
    site.close();
  }

  private Keepalive watch(String host, String... more) throws Exception {
    String[] options = {"--detect-within", "500ms", "--liveness", "process"};
    String[] advertise = {"--advertise", lab.address(host)};
    return site.watch(
        host, Stream.of(options, advertise, more).flatMap(Stream::of).toArray(String[]::new));
  }

  /** Starts a source, and b, which takes over from it. */
  private Keepalive takeOverAsB(String... more) throws Exception {
    Keepalive source = site.serve();
    Keepalive b = watch("b", more);
    b.awaitEvent("armed");
    source.kill();
    ActRecord.Run unused = acts.awaitRun(1);
    return b;
  }

  private static void requireArmedAgainst(ActRecord.Run winner, Keepalive backup) throws Exception {
    Eventually.await(
        "armed against " + winner,
        Duration.ofSeconds(60), // its JVM has just been started
        () -> backup.events("armed").stream().anyMatch(event -> isArmed(event, winner.token())));
    List<EventLine> links = backup.events("up");
    assertEquals(lab.address(winner.name()), links.get(links.size() - 1).text("peer"));
  }

  private static boolean isArmed(EventLine event, long token) {
    return !event.json().get("token").isNull() && event.number("token") == token;
  }

  private Fault cut(String name) throws Exception {
    cutNs = System.nanoTime();
    Fault cut = lab.host(name).drop();
    cuts.add(cut);
    return cut;
  }

  private ActRecord.Run requireQuick(int number) throws Exception {
    ActRecord.Run run = acts.awaitRun(number);
    Duration took = Duration.ofNanos(System.nanoTime() - cutNs);
    assertTrue(took.compareTo(BUDGET_AND_SLACK) < 0, () -> run + " took " + took);
    return run;
  }

  @Test
  void eachFailoverIsAsFastAsTheFirst() throws Exception {
    Keepalive source = site.serve();
    final Keepalive b = watch("b", "--rearm");
    final Keepalive c = watch("c", "--rearm");
    b.awaitEvent("armed");
    c.awaitEvent("armed");
    source.kill();
    final ActRecord.Run first = acts.awaitRun(1);
    final boolean firstIsB = first.name().equals("b");
    final Keepalive holder = firstIsB ? b : c;
    final Keepalive next = firstIsB ? c : b;
    final String other = firstIsB ? "c" : "b";
    requireArmedAgainst(first, next);
    final Fault cut = cut(first.name());
    final ActRecord.Run second = requireQuick(2);
    assertEquals(other, second.name());
    assertTrue(second.token() > first.token());
    holder.awaitEvent("claim-lost");
    cut.close();
    requireArmedAgainst(second, holder);
    cut(other);
    ActRecord.Run third = requireQuick(3);
    assertEquals(first.name(), third.name());
    assertTrue(third.token() > second.token());
  }

  @Test
  void aWinnerThatIsStoppedMakesWay() throws Exception {
    Keepalive b = takeOverAsB();
    Keepalive c = watch("c", "--rearm");
    ActRecord.Run first = acts.awaitRun(1);
    requireArmedAgainst(first, c);
    b.signal("TERM");
    assertEquals("LEFT", c.awaitEvent("closed").text("cause"));
    ActRecord.Run second = acts.awaitRun(2);
    assertEquals("CLAIM_ENDED", second.cause());
    assertTrue(second.token() > first.token());
    acts.requireOneAtATime();
  }

  @Test
  void aWinnerWhoseCommandFailsIsReplacedAtOnce() throws Exception {
    Keepalive b = takeOverAsB();
    Keepalive c = watch("c", "--rearm");
    ActRecord.Run first = acts.awaitRun(1);
    requireArmedAgainst(first, c);
    cutNs = System.nanoTime();
    assertTrue(ProcessHandle.of(first.pid()).orElseThrow().destroyForcibly());
    ActRecord.Run second = requireQuick(2);
    assertEquals("WORKLOAD_ENDED", second.cause());
    assertTrue(second.token() > first.token());
    acts.requireOneAtATime();
    assertEquals(3, b.awaitEnd(), b::output);
  }

  @Test
  void aTakenPortCostsNoTakeover() throws Exception {
    try (Sources.Listening taken = Sources.on(lab.host("b"), lab.host("b").ipv4())) {
      assertEquals(lab.address("b"), taken.address());
      Keepalive b = takeOverAsB("--rearm");
      EventLine error = b.awaitEvent("error");
      assertEquals(lab.address("b"), error.text("peer"));
      assertTrue(error.text("message").contains("EADDRINUSE"), error.toString());
      Keepalive c = watch("c", "--rearm");
      ActRecord.Run first = acts.awaitRun(1);
      assertEquals(first.token(), c.awaitEvent("held").number("token"));
      assertTrue(first.isAlive());
      assertEquals(List.of(), c.events("up"));
    }
  }
}
