package io.github.keepalive4j.soak.calm;

import io.github.keepalive4j.soak.program.Keepalive;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** Pairs that are left in peace, several of each link. */
final class Calm implements AutoCloseable {
  private final List<CalmPair> pairs = new ArrayList<>();

  /** Opens so many of each, and waits until all are up. */
  static Calm open(List<Link> links, int count, Keepalive keepalive)
      throws IOException, InterruptedException, TimeoutException {
    Calm calm = new Calm();
    boolean open = false;
    try {
      for (int number = 0; number < count; number++) {
        for (Link link : links) {
          calm.pairs.add(CalmPair.open(link, keepalive));
        }
      }
      open = true;
      return calm;
    } finally {
      if (!open) {
        calm.close();
      }
    }
  }

  static void holdFor(double minutes) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep((long) (minutes * TimeUnit.MINUTES.toMillis(1)));
  }

  /** Tells whether no pair has failed over, and all its processes run. */
  boolean isUndisturbed() {
    return pairs.stream().allMatch(pair -> pair.isWhole() && pair.failovers().isEmpty());
  }

  /** Returns a table with a row for each link. */
  String table(List<Link> links) {
    List<String> lines = new ArrayList<>();
    lines.add("| link | pairs | false failovers | suspicions | processes ended |");
    lines.add("| --- | --- | --- | --- | --- |");
    links.stream().distinct().map(this::row).forEach(lines::add);
    return String.join("\n", lines) + "\n";
  }

  private String row(Link link) {
    List<CalmPair> of = pairs.stream().filter(pair -> pair.link().equals(link)).toList();
    Map<String, Integer> causes = new TreeMap<>();
    of.forEach(
        pair -> pair.failovers().forEach((cause, n) -> causes.merge(cause, n, Integer::sum)));
    return String.format(
        "| %s | %d | %s | %d | %d |",
        link,
        of.size(),
        failovers(causes),
        of.stream().mapToInt(CalmPair::suspicions).sum(),
        of.stream().filter(pair -> !pair.isWhole()).count());
  }

  private static String failovers(Map<String, Integer> causes) {
    int all = causes.values().stream().mapToInt(Integer::intValue).sum();
    return causes.entrySet().stream()
        .map(each -> each.getValue() + " " + each.getKey())
        .collect(Collectors.joining(", ", all + (all == 0 ? "" : ": "), ""));
  }

  @Override
  public void close() throws IOException {
    for (CalmPair pair : pairs) {
      pair.close();
    }
  }
}
