package io.github.keepalive4j.bench.report;

import io.github.keepalive4j.bench.measure.PeerDeath;
import io.github.keepalive4j.bench.measure.Samples;
import io.github.keepalive4j.bench.measure.Subjects;
import io.github.keepalive4j.bench.peer.Ending;
import io.github.keepalive4j.bench.peer.Killer;
import io.github.keepalive4j.bench.subject.Contender;
import io.github.keepalive4j.bench.subject.Stamps;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code report}. */
@Command(name = "report", mixinStandardHelpOptions = true)
public final class ReportCommand implements Callable<Integer> {
  @Option(names = "--quick", description = "peers that die only, within 60 s")
  private boolean quick;

  @Override
  public Integer call() throws Exception {
    Stamps stamps = new Stamps(64);
    try (Killer killer = new Killer();
        Subjects subjects = Subjects.open(stamps, List.of(Contender.values()))) {
      long t = System.nanoTime();
      Map<Ending, Map<String, Samples>> r =
          new PeerDeath(killer, subjects)
              .run(500, Duration.ofSeconds(20), quick ? 1000 : 3000, Duration.ofSeconds(60));
      r.forEach(
          (e, m) ->
              m.forEach(
                  (k, s) ->
                      System.out.printf(
                          "%s %s n=%d p50=%.1f p90=%.1f p99=%.1f max=%.1f%n",
                          e,
                          k,
                          s.count(),
                          s.median() / 1e3,
                          s.percentile(90) / 1e3,
                          s.percentile(99) / 1e3,
                          s.percentile(100) / 1e3)));
      System.out.println((System.nanoTime() - t) / 1_000_000 + " ms");
    }
    return 0;
  }
}
