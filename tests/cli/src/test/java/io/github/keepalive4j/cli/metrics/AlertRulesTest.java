package io.github.keepalive4j.cli.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.cli.Sources;
import io.github.keepalive4j.cli.guard.ClaimServer;
import io.github.keepalive4j.cli.qemu.QemuMachine;
import io.github.keepalive4j.support.FailingSource;
import io.github.keepalive4j.support.Needs;
import io.github.keepalive4j.testkit.qemu.QemuProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The alert rules, on what real runs show when something is wrong and when nothing is. */
@Timeout(120)
class AlertRulesTest {
  private static final Path RULES =
      Path.of(System.getProperty("basedir", "."))
          .resolve("../../java/micrometer/src/main/resources/keepalive4j-alerts.yml")
          .toAbsolutePath()
          .normalize();

  private static ClaimServer ensemble;

  @TempDir private Path folder;

  @BeforeAll
  static void start() throws Exception {
    Needs.program("promtool");
    ensemble = ClaimServer.start();
  }

  @AfterAll
  static void stop() throws Exception {
    if (ensemble != null) {
      ensemble.close();
    }
  }

  private static Keepalive run(List<String> first, String... more) throws IOException {
    List<String> arguments = new ArrayList<>(first);
    arguments.addAll(List.of("--json", "--metrics", "0"));
    arguments.addAll(List.of(more));
    return Keepalive.run(arguments.toArray(String[]::new));
  }

  private static Keepalive serve(String source) throws IOException {
    return run(
        List.of("serve", "--bind", "127.0.0.1", "--port", "0"),
        ensemble.options(source).toArray(String[]::new));
  }

  private static Keepalive watch(String address, String source, String... more) throws IOException {
    List<String> options = new ArrayList<>(ensemble.options(source));
    options.addAll(List.of(more));
    return run(List.of("watch", address, "--rearm"), options.toArray(String[]::new));
  }

  private static String armed(String source) {
    return "keepalive_armed{source=\"" + source + "\"}";
  }

  @Test
  void aSoundPairIsQuietAndALostQemuIsNot() throws Exception {
    try (QemuMachine machine = QemuMachine.start(folder, QemuProcess.Builder::paused);
        Sources.Listening source = Sources.listening(serve("vm1"))) {
      MetricsPage lone = MetricsPage.of(source.process());
      AlertScenario.of("a source without a backup")
          .scraped("source", lone, lone)
          .firing("KeepaliveNoBackup", "KeepaliveUnprotected")
          .check(RULES, folder);
      try (Keepalive backup = watch(source.address(), "vm1", "--qmp", machine.qmp())) {
        MetricsPage sound = MetricsPage.await(backup, armed("vm1"), 1);
        MetricsPage served = MetricsPage.await(source.process(), "keepalive_server_backups", 1);
        assertEquals(1, served.value("keepalive_claim_held{source=\"vm1\"}"));
        assertTrue(served.value("keepalive_claim_token{source=\"vm1\"}") > 0);
        AlertScenario.of("a sound pair")
            .scraped("source", served, served)
            .scraped("backup", sound, sound)
            .firing()
            .check(RULES, folder);
        AlertScenario.of("a journal that is late, and a monitor that fails")
            .scraped("source", served, served)
            .scraped(
                "backup",
                sound,
                sound
                    .with("keepalive_journal_late_total", "1.0")
                    .with("keepalive_monitors{state=\"failing\"}", "1.0"))
            .firing("KeepaliveJournalLate", "KeepaliveMonitorFailing")
            .check(RULES, folder);
        AlertScenario.of("a backup that is gone")
            .scraped("source", served, served)
            .down("backup", sound)
            .firing("KeepaliveDown", "KeepaliveUnprotected")
            .check(RULES, folder);
        machine.signal("KILL");
        MetricsPage.await(backup, "keepalive_qmp_connected{source=\"vm1\"}", 0);
        MetricsPage alone = MetricsPage.await(backup, armed("vm1"), 0);
        AlertScenario.of("QEMU is gone")
            .scraped("source", served, served)
            .scraped("backup", sound, alone)
            .firing("KeepaliveQemuLost", "KeepaliveNotArmed", "KeepaliveUnprotected")
            .check(RULES, folder);
      }
    }
  }

  @Test
  void aTakeoverAndADeclineAreTold() throws Exception {
    try (FailingSource source = new FailingSource();
        Keepalive winner = watch(address(source), "vm2", "--on-failover", "sleep 60");
        Keepalive fenced = watch(address(source), "vm3", "--fence", "false")) {
      source.accept();
      source.accept();
      MetricsPage before = MetricsPage.await(winner, armed("vm2"), 1);
      MetricsPage ready = MetricsPage.await(fenced, armed("vm3"), 1);
      source.vanish(); // else the declined one is armed again soon
      MetricsPage after = MetricsPage.await(winner, "keepalive_claim_held{source=\"vm2\"}", 1);
      fenced.awaitEvent("declined");
      MetricsPage.await(fenced, "keepalive_failovers_declined_total", 1);
      MetricsPage declined = MetricsPage.await(fenced, armed("vm3"), 0); // which may follow later
      assertEquals(0, after.value(armed("vm2")));
      assertEquals(0, declined.value("keepalive_claim_held{source=\"vm3\"}"));
      AlertScenario.of("a takeover")
          .scraped("backup", before, after)
          .firing("KeepaliveFailover", "KeepaliveUnprotected")
          .check(RULES, folder);
      AlertScenario.of("a claim that two hold")
          .scraped("one", after, after)
          .scraped("other", after, after)
          .firing("KeepaliveTwoHolders", "KeepaliveFailover", "KeepaliveUnprotected")
          .check(RULES, folder);
      AlertScenario.of("a takeover that was declined")
          .scraped("backup", ready, declined)
          .firing("KeepaliveDeclined", "KeepaliveNotArmed", "KeepaliveUnprotected")
          .check(RULES, folder);
    }
  }

  @Test
  void aLostEnsembleIsTold() throws Exception {
    try (ClaimServer own = ClaimServer.start();
        FailingSource source = new FailingSource();
        Keepalive backup =
            run(List.of("watch", address(source)), own.options("vm5").toArray(String[]::new))) {
      source.accept();
      MetricsPage sound = MetricsPage.await(backup, armed("vm5"), 1);
      own.stop();
      MetricsPage.await(backup, "keepalive_ensemble_connected{source=\"vm5\"}", 0);
      MetricsPage cutOff = MetricsPage.await(backup, armed("vm5"), 0); // which may follow later
      AlertScenario.of("a lost ensemble")
          .scraped("backup", sound, cutOff)
          .firing("KeepaliveEnsembleLost", "KeepaliveNotArmed", "KeepaliveUnprotected")
          .check(RULES, folder);
    }
  }

  private static String address(FailingSource source) {
    return "127.0.0.1:" + source.address().getPort();
  }

  @Test
  void eachMetricOfTheRulesIsOnAPage() throws Exception {
    Process promtool =
        new ProcessBuilder("promtool", "check", "rules", RULES.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, promtool.waitFor(), said);
    try (Sources.Listening source = Sources.listening(serve("vm4"));
        Keepalive backup =
            watch(source.address(), "vm4", "--qmp", folder.resolve("none").toString())) {
      backup.awaitEvent("up");
      List<String> names =
          Stream.of(MetricsPage.of(backup), MetricsPage.of(source.process()))
              .flatMap(page -> page.samples().keySet().stream())
              .map(series -> series.replaceFirst("\\{.*", ""))
              .distinct()
              .toList();
      List<String> unknown =
          Files.readAllLines(RULES).stream()
              .flatMap(line -> Stream.of(line.split("[^a-z_]+")))
              .filter(word -> word.startsWith("keepalive_") && !names.contains(word))
              .distinct()
              .toList();
      assertEquals(List.of(), unknown);
    }
  }
}
