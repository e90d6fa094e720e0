package io.github.keepalive4j.bench.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.bench.measure.PeerDeath;
import io.github.keepalive4j.bench.measure.Samples;
import io.github.keepalive4j.bench.measure.Subjects;
import io.github.keepalive4j.bench.peer.Ending;
import io.github.keepalive4j.bench.peer.Killer;
import io.github.keepalive4j.bench.subject.Contender;
import io.github.keepalive4j.bench.subject.Stamps;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** JMH's score and the report's figure are the same time, up to noise. */
final class PeerDeathBenchmarkTest {
  private static final List<Contender> CONTENDERS = List.of(Contender.FLOOR, Contender.NATIVE);
  private static final int TURNS = 3;
  private static final int ROUNDS = 200;
  private static final Duration TIME = Duration.ofSeconds(10);

  /** What it costs to wake a thread on another, sleeping core instead of the same one. */
  private static final long OTHER_CORE_NS = 40_000;

  private final Map<String, Samples> byJmhNs = new LinkedHashMap<>();
  private final Map<String, Samples> inReportNs = new LinkedHashMap<>();

  @Test
  void jmhAgreesWithTheInterleavedReport() throws Exception {
    System.setProperty("jmh.ignoreLock", "true"); // another run of this on the machine is harmless
    for (int turn = 0; turn < TURNS; turn++) {
      runReport();
      runJmh();
    }
    assertEquals(inReportNs.keySet(), byJmhNs.keySet());
    byJmhNs.forEach((name, medians) -> assertAlike(name, medians, inReportNs.get(name)));
  }

  /** Noise is how far each of the two is apart from itself, half of the figure, and a wake-up. */
  private static void assertAlike(String name, Samples byJmh, Samples inReport) {
    long apartNs = Math.abs(byJmh.median() - inReport.median());
    long noiseNs = spreadNs(byJmh) + spreadNs(inReport) + inReport.median() / 2 + OTHER_CORE_NS;
    String medians =
        "%s in ns, JMH %s, report %s"
            .formatted(name, Arrays.toString(byJmh.sorted()), Arrays.toString(inReport.sorted()));
    System.out.println(medians);
    assertTrue(apartNs <= noiseNs, medians);
  }

  private static long spreadNs(Samples medians) {
    return medians.percentile(100) - medians.percentile(0);
  }

  private static void add(Map<String, Samples> medians, String subject, String death, long ns) {
    medians.computeIfAbsent(subject + " " + death, name -> new Samples(TURNS)).add(ns);
  }

  private void runReport() throws IOException {
    try (Killer killer = new Killer();
        Subjects subjects =
            Subjects.open(new Stamps(PeerDeath.slots(CONTENDERS.size())), CONTENDERS)) {
      Map<Ending, Map<String, Samples>> times =
          new PeerDeath(killer, subjects).run(ROUNDS, TIME, ROUNDS, TIME);
      times.forEach(
          (ending, byKey) ->
              byKey.forEach(
                  (key, samples) -> add(inReportNs, key, ending.name(), samples.median())));
    }
  }

  private void runJmh() throws RunnerException {
    for (RunResult result : new Runner(options()).run()) {
      String subject = result.getParams().getParam("subject");
      String death = result.getParams().getParam("death");
      double us = result.getPrimaryResult().getStatistics().getPercentile(50);
      add(byJmhNs, subject, death, (long) (us * 1_000));
    }
  }

  private static Options options() {
    return new OptionsBuilder()
        .include("\\." + PeerDeathBenchmark.class.getSimpleName() + "\\.")
        .param("subject", CONTENDERS.stream().map(Contender::key).toArray(String[]::new))
        .param("death", Ending.RESET.name(), Ending.FIN.name())
        .forks(0)
        .warmupIterations(1)
        .warmupTime(TimeValue.milliseconds(300))
        .measurementIterations(1)
        .measurementTime(TimeValue.milliseconds(300))
        .verbosity(VerboseMode.SILENT)
        .build();
  }
}
