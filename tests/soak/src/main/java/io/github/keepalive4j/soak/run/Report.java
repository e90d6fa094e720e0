package io.github.keepalive4j.soak.run;

import io.github.keepalive4j.soak.check.Checker;
import io.github.keepalive4j.soak.check.FaultInterval;
import io.github.keepalive4j.soak.check.History;
import io.github.keepalive4j.soak.check.LinkHistory;
import io.github.keepalive4j.soak.check.Measure;
import io.github.keepalive4j.soak.load.Footprint;
import io.github.keepalive4j.soak.load.LoadEvent;
import io.github.keepalive4j.soak.program.BackupEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Writes the files of a soak that are for people to read. */
final class Report {
  static final String SUMMARY_FILE = "summary.txt";
  static final String FAULTS_FILE = "faults.txt";
  static final String PROBLEMS_FILE = "problems.txt";
  private static final int MOST_PROBLEMS = 20;

  private final Plan plan;
  private final Result result;

  Report(Plan plan, Result result) {
    this.plan = plan;
    this.result = result;
  }

  void write() throws IOException {
    Path directory = plan.directory();
    Files.writeString(directory.resolve(SUMMARY_FILE), summary());
    Files.write(directory.resolve(FAULTS_FILE), faults());
    Files.write(directory.resolve(PROBLEMS_FILE), result.problems());
    Plot.write(result, directory);
  }

  private List<String> faults() {
    return result.history().intervals().stream()
        .sorted(Comparator.comparingLong(FaultInterval::startedNs))
        .map(interval -> interval.line(result.startNs()))
        .toList();
  }

  String summary() {
    List<String> lines = new ArrayList<>();
    History history = result.history();
    lines.add(
        String.format(
            Locale.ROOT,
            "soak of %.1f minutes, seed %d",
            (result.endNs() - result.startNs()) / 60e9,
            plan.seed()));
    lines.add(links());
    lines.add(
        String.format(
            Locale.ROOT,
            "%,d opened, %,d refused (%,d of them without a fault that explains it), %,d closed by their owner, %,d"
                + " of them unwatched before",
            history.count(LoadEvent.WATCHED),
            history.count(BackupEvent.REFUSED),
            Checker.unexplainedRefusals(history),
            ownersCloses(history),
            history.count(LoadEvent.UNWATCHED)));
    lines.add(
        String.format(
            Locale.ROOT,
            "%,d faults; %,d failovers %s, %,d reports that a source left, %,d suspicions, %,d recoveries",
            history.intervals().size(),
            history.count(BackupEvent.FAILOVER),
            byCause(history),
            history.count(BackupEvent.LEFT),
            history.count(BackupEvent.SUSPECT),
            history.count(BackupEvent.RECOVERED)));
    List<Footprint> warm = result.warm();
    Arrays.stream(Measure.values()).forEach(measure -> lines.add(measure.verdict(warm)));
    lines.add(result.descriptorsLeft() + " descriptors left when all links are closed");
    List<String> problems = result.problems();
    lines.add(problems.isEmpty() ? "no breach" : problems.size() + " problems:");
    problems.stream().limit(MOST_PROBLEMS).forEach(lines::add);
    return String.join("\n", lines) + "\n";
  }

  private String links() {
    LongSummaryStatistics open =
        result.warm().stream().mapToLong(Footprint::links).summaryStatistics();
    return String.format(
        Locale.ROOT,
        "links open at a time: %,.0f on average, %,d at the least, %,d at the most",
        open.getAverage(),
        open.getMin(),
        open.getMax());
  }

  private static long ownersCloses(History history) {
    return history.links().stream()
        .filter(link -> link.all(BackupEvent.CLOSED).findAny().isPresent())
        .count();
  }

  private static Map<String, Long> byCause(History history) {
    return history.links().stream()
        .map(LinkHistory::events)
        .flatMap(List::stream)
        .filter(event -> event.what().equals(BackupEvent.FAILOVER))
        .collect(Collectors.groupingBy(BackupEvent::detail, TreeMap::new, Collectors.counting()));
  }
}
