package io.github.keepalive4j.cli.guard;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.support.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What commands that take over write about themselves, each of them again and again. */
final class ActRecord {
  private static final Duration LIMIT = Duration.ofSeconds(50);

  private final Path runs;
  private final Path acts;

  /** A command that has begun. */
  record Run(long pid, String name, long token, String cause) {
    private static Run parse(String line) {
      String[] words = line.split(" ", -1);
      return new Run(Long.parseLong(words[0]), words[1], Long.parseLong(words[2]), words[3]);
    }

    /** A process that has ended but isn't reaped has no program any more. */
    boolean isAlive() {
      return ProcessHandle.of(pid).flatMap(process -> process.info().command()).isPresent();
    }
  }

  ActRecord(Path folder) {
    runs = folder.resolve("runs");
    acts = folder.resolve("acts");
  }

  /** Returns a command that acts until it is told to end, and takes a moment for that. */
  String command(String name) {
    String ids = "$$ " + name + " $KEEPALIVE_TOKEN";
    return "exec > /dev/null 2>&1; trap 'sleep 0.2; exit' TERM; echo "
        + ids
        + " $KEEPALIVE_CAUSE >> "
        + runs
        + "; while :; do read up rest < /proc/uptime; echo $up "
        + ids
        + " >> "
        + acts
        + "; sleep 0.05; done";
  }

  private List<Run> runs() throws IOException {
    return Files.exists(runs)
        ? Files.readAllLines(runs).stream().map(Run::parse).toList()
        : List.of();
  }

  /** Waits until so many commands have begun. */
  Run awaitRun(int number) throws Exception {
    Eventually.await("run number " + number, LIMIT, () -> runs().size() >= number);
    return runs().get(number - 1);
  }

  void killAll() throws IOException {
    runs().forEach(run -> ProcessHandle.of(run.pid()).ifPresent(ProcessHandle::destroyForcibly));
  }

  /** Requires by the commands' own clock that each had ended before the next one began. */
  void requireOneAtATime() throws IOException {
    Map<Long, double[]> spans = new TreeMap<>();
    for (String line : Files.exists(acts) ? Files.readAllLines(acts) : List.<String>of()) {
      String[] words = line.split(" ", -1);
      double at = Double.parseDouble(words[0]);
      double[] span = spans.computeIfAbsent(Long.valueOf(words[3]), token -> new double[] {at, at});
      span[1] = at;
    }
    double end = 0;
    for (Map.Entry<Long, double[]> each : spans.entrySet()) {
      assertTrue(each.getValue()[0] >= end, "two at once before token " + each.getKey());
      end = each.getValue()[1];
    }
  }
}
