package io.github.keepalive4j.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.keepalive4j.bench.measure.BesideBfd;
import io.github.keepalive4j.bench.measure.IdleCost;
import io.github.keepalive4j.bench.measure.MassDeath;
import io.github.keepalive4j.bench.measure.OpenClose;
import io.github.keepalive4j.bench.measure.Samples;
import io.github.keepalive4j.bench.peer.Ending;
import io.github.keepalive4j.bench.subject.Contender;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class ReportTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final PrintStream NOWHERE =
      new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);

  @TempDir private Path directory;

  @Test
  void summaryHasEverySubject() throws Exception {
    Plan plan =
        new Plan(5, 10, Duration.ofSeconds(10), 2, 0, 0, List.of(), 0, Duration.ZERO, 0, 0, 0);
    JsonNode summary = MAPPER.readTree(JsonReport.summary(new Measurements(plan, NOWHERE).run()));
    for (String percentile : List.of("p50Us", "p99Us")) {
      for (Contender contender : Contender.values()) {
        double us = summary.path(percentile).path(contender.key()).asDouble();
        assertTrue(us > 0 && us < 1e6, percentile + " of " + contender + ": " + us);
      }
    }
  }

  @Test
  void aQuickReportEndsWithinAMinuteAndAFullOneMeasuresAll() {
    Plan quick = plan("--quick");
    assertTrue(quick.roundsTime().multipliedBy(3).dividedBy(2).toSeconds() <= 60);
    assertEquals(0, quick.silences() + quick.idleLinks() + quick.cuts() + quick.firstFailures());
    assertEquals(Duration.ofSeconds(7), plan("--quick", "--seconds=7").roundsTime());
    Plan full = plan();
    assertTrue(full.silences() > 0 && full.idleLinks() > 0 && full.firstFailures() > 0);
    assertEquals(20, full.cuts());
    assertEquals(3, plan("--cuts=3").cuts());
  }

  private static Plan plan(String... arguments) {
    ReportCommand command = new ReportCommand();
    new CommandLine(command).parseArgs(arguments);
    return command.plan();
  }

  @Test
  void targetsCompareTheMonitorWithTheOthers() {
    Map<String, Target> byName = new LinkedHashMap<>();
    Targets.of(fake()).forEach(target -> byName.put(target.name(), target));
    Target floor = byName.get("reset: median against the floor");
    assertEquals(3, floor.measured(), 1e-9);
    assertEquals(false, floor.isMet());
    Target jdk = byName.get("reset: median against the JDK Selector");
    assertEquals(0.5, jdk.measured(), 1e-9);
    assertTrue(jdk.isMet());
    assertEquals(1.0 / 6, jdk.floor(), 1e-9);
    assertTrue(byName.get("time per link, 8,000 against 100").isMet());
    assertTrue(byName.get("open and close: time against SocketChannel").measured() > 1);
  }

  @Test
  void pageEmbedsItsChartsAndJsonHasEverySample() throws Exception {
    Results results = fake();
    List<Target> targets = Targets.of(results);
    HtmlReport.write(directory, results, targets);
    JsonReport.write(directory.resolve("report.json"), results, targets);
    String page = Files.readString(directory.resolve("report.html"));
    for (String chart : List.of("peer-death-reset", "peer-death-fin", "silence", "mass-death")) {
      assertTrue(Files.size(directory.resolve(chart + ".png")) > 10_000, chart);
    }
    assertEquals(4, page.split("data:image/png;base64,", -1).length - 1);
    assertTrue(page.contains("test machine"));
    assertTrue(page.contains("<td>BFD</td><td>30.0</td><td>30.0</td><td>30.0</td><td>10</td>"));
    assertTrue(page.contains("<td>10</td><td>28.0</td><td>28.0</td><td>28.0</td><td>10</td>"));
    JsonNode json = MAPPER.readTree(directory.resolve("report.json").toFile());
    assertEquals(100, json.at("/peerDeathNs/reset/native/samples").size());
  }

  /** Results in which the second subject takes twice as long as the floor, and so on. */
  private static Results fake() {
    Map<Ending, Map<String, Samples>> deaths = new LinkedHashMap<>();
    for (Ending ending : Ending.values()) {
      deaths.put(ending, byContender(factor -> samples(100, 20_000 * factor)));
    }
    Map<String, IdleCost> idle = byContender(n -> new IdleCost(8000, 30, 1, 0, 0, 300, 100, 500));
    idle.put("nativeSuspicion", new IdleCost(8000, 30, 1, 100, 3, 400, 100, 500));
    Map<String, Samples> rates = new LinkedHashMap<>();
    rates.put(OpenClose.NATIVE, samples(10, 10_000));
    rates.put(OpenClose.SOCKET_CHANNEL, samples(10, 12_000));
    return new Results(
        Map.of("processor", "test machine"),
        deaths,
        byContender(factor -> samples(10, 300 * factor)),
        byContender(factor -> samples(100, 100_000_000 + factor)),
        byContender(ReportTest::fakeGrowth),
        idle,
        rates,
        Map.of(
            "BFD", samples(10, 30_000_000), "BFD" + BesideBfd.REAL_TIME, samples(10, 28_000_000)),
        byContender(factor -> samples(3, 1_000_000 * factor)));
  }

  private static Map<Integer, MassDeath.Times> fakeGrowth(long factor) {
    Map<Integer, MassDeath.Times> times = new LinkedHashMap<>();
    for (int links : new int[] {1, 10, 100, 1000, 8000}) {
      times.put(
          links, new MassDeath.Times(samples(3, 30_000), samples(3, 30_000 * factor * links)));
    }
    return times;
  }

  private static <T> Map<String, T> byContender(LongFunction<T> of) {
    Map<String, T> map = new LinkedHashMap<>();
    for (Contender contender : Contender.values()) {
      map.put(contender.key(), of.apply(map.size() + 1));
    }
    return map;
  }

  private static Samples samples(int count, long value) {
    Samples samples = new Samples(count);
    for (int i = 0; i < count; i++) {
      samples.add(value);
    }
    return samples;
  }
}
