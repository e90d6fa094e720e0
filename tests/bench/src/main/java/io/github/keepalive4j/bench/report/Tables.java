package io.github.keepalive4j.bench.report;

import io.github.keepalive4j.bench.measure.BesideBfd;
import io.github.keepalive4j.bench.measure.Idle;
import io.github.keepalive4j.bench.measure.IdleCost;
import io.github.keepalive4j.bench.measure.MassDeath;
import io.github.keepalive4j.bench.measure.OpenClose;
import io.github.keepalive4j.bench.measure.Samples;
import io.github.keepalive4j.bench.peer.Ending;
import io.github.keepalive4j.bench.subject.Contender;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The figures as tables. */
final class Tables {
  private Tables() {}

  /** Returns the tables of the measurements that were made. */
  static List<Table> of(Results results, List<Target> targets) {
    List<Table> tables = new ArrayList<>();
    tables.add(targets(targets));
    for (Map.Entry<Ending, Map<String, Samples>> ending : results.peerDeath().entrySet()) {
      tables.add(peerDeath(ending.getKey(), ending.getValue(), results.allocation()));
    }
    if (!results.silence().isEmpty()) {
      tables.add(silence(results.silence()));
    }
    if (!results.massDeath().isEmpty()) {
      tables.add(massDeath(results.massDeath()));
    }
    if (!results.idle().isEmpty()) {
      tables.add(idle(results.idle()));
    }
    if (!results.openClose().isEmpty()) {
      tables.add(openClose(results.openClose()));
    }
    if (!results.besideBfd().isEmpty()) {
      tables.add(besideBfd(results.besideBfd()));
    }
    if (!results.firstFailure().isEmpty()) {
      tables.add(firstFailure(results.firstFailure()));
    }
    return tables;
  }

  /** Returns a subject's name for people. */
  static String title(String key) {
    return switch (key) {
      case Idle.SUSPICION -> "keepalive4j monitor, suspicion on";
      case OpenClose.SOCKET_CHANNEL -> "JDK SocketChannel";
      default -> Contender.of(key).title();
    };
  }

  private static Table targets(List<Target> targets) {
    Table table = new Table("Targets", "", "Measured", "At most", "Met", "The floor's");
    for (Target target : targets) {
      table.add(
          target.measurement() + ". " + target.name(),
          amount(target.measured(), target),
          amount(target.limit(), target),
          target.isMet() ? "yes" : "no",
          target.floor() == null ? "" : amount(target.floor(), target));
    }
    return table;
  }

  private static String amount(double amount, Target target) {
    return format("%.2f %s", amount, target.unit());
  }

  private static Table peerDeath(
      Ending ending, Map<String, Samples> byKey, Map<String, Samples> allocation) {
    boolean reset = ending == Ending.RESET;
    Table table =
        new Table(
            "1. A peer's process dies: " + (reset ? "RST" : "FIN") + " to callback, µs",
            "",
            "p50",
            "p90",
            "p99",
            "max",
            "samples",
            reset ? "heap bytes an event" : "");
    byKey.forEach(
        (key, samples) ->
            table.add(
                title(key),
                format("%.1f", samples.percentile(50) / 1e3),
                format("%.1f", samples.percentile(90) / 1e3),
                format("%.1f", samples.percentile(99) / 1e3),
                format("%.1f", samples.percentile(100) / 1e3),
                Integer.toString(samples.count()),
                reset ? Long.toString(allocation.get(key).median()) : ""));
    return table;
  }

  private static Table silence(Map<String, Samples> byKey) {
    Table table =
        new Table(
            "2. The peer falls silent: callback after (last heard + 6 s), ms",
            "",
            "p50",
            "p90",
            "p99",
            "max",
            "links");
    byKey.forEach(
        (key, samples) ->
            table.add(
                title(key),
                format("%.3f", samples.percentile(50) / 1e6),
                format("%.3f", samples.percentile(90) / 1e6),
                format("%.3f", samples.percentile(99) / 1e6),
                format("%.3f", samples.percentile(100) / 1e6),
                Integer.toString(samples.count())));
    return table;
  }

  private static Table massDeath(Map<String, Map<Integer, MassDeath.Times>> byKey) {
    List<Integer> sizes = List.copyOf(byKey.get(Contender.NATIVE.key()).keySet());
    List<String> header = new ArrayList<>(List.of(""));
    sizes.forEach(links -> header.add(format(links == 1 ? "1 link" : "%,d links", links)));
    Table table =
        new Table(
            "3. Everything died while the subject was held: first and last callback, ms",
            header.toArray(String[]::new));
    byKey.forEach(
        (key, byLinks) -> {
          List<String> row = new ArrayList<>(List.of(title(key)));
          sizes.forEach(links -> row.add(span(byLinks.get(links))));
          table.add(row.toArray(String[]::new));
        });
    return table;
  }

  private static String span(MassDeath.Times times) {
    return times == null
        ? "-"
        : format("%.2f .. %.2f", times.first().median() / 1e6, times.last().median() / 1e6);
  }

  private static Table idle(Map<String, IdleCost> byKey) {
    IdleCost any = byKey.get(Contender.NATIVE.key());
    Table table =
        new Table(
            format("4. Nothing happens for %.0f s", any.seconds()),
            "",
            "links",
            "threads",
            "wake-ups",
            "CPU, ms",
            "heap, bytes a link",
            "malloc, bytes a link",
            "resident, bytes a link");
    byKey.forEach(
        (key, cost) ->
            table.add(
                title(key),
                format("%,d", cost.links()),
                Integer.toString(cost.threads()),
                Long.toString(cost.wakeUps()),
                format("%.1f", cost.cpuMs()),
                format("%.0f", cost.heapBytesPerLink()),
                format("%.0f", cost.nativeBytesPerLink()),
                format("%.0f", cost.residentBytesPerLink())));
    return table;
  }

  private static Table openClose(Map<String, Samples> byKey) {
    Table table = new Table("5. Open and close, a second", "", "median of turns", "turns");
    byKey.forEach(
        (key, samples) ->
            table.add(
                title(key), format("%,d", samples.median()), Integer.toString(samples.count())));
    return table;
  }

  /** The second group of columns is keepalived's in real time. */
  static Table besideBfd(Map<String, Samples> byKey) {
    Table table =
        new Table(
            "6. A silent cut 5 s or more after the last, to the callback or BFD's log, ms",
            "",
            "p50",
            "p99",
            "max",
            "cuts",
            "real time: p50",
            "p99",
            "max",
            "cuts");
    byKey.forEach(
        (key, samples) -> {
          boolean isRealTime = key.endsWith(BesideBfd.REAL_TIME);
          String normal =
              isRealTime ? key.substring(0, key.length() - BesideBfd.REAL_TIME.length()) : key;
          if (!isRealTime || !byKey.containsKey(normal)) {
            List<String> row = new ArrayList<>(List.of(normal));
            row.addAll(cuts(byKey.get(normal)));
            row.addAll(cuts(byKey.get(normal + BesideBfd.REAL_TIME)));
            table.add(row.toArray(String[]::new));
          }
        });
    return table;
  }

  private static List<String> cuts(Samples samples) {
    return samples == null
        ? List.of("-", "-", "-", "-")
        : List.of(
            format("%.1f", samples.percentile(50) / 1e6),
            format("%.1f", samples.percentile(99) / 1e6),
            format("%.1f", samples.percentile(100) / 1e6),
            Integer.toString(samples.count()));
  }

  private static Table firstFailure(Map<String, Samples> byKey) {
    Table table =
        new Table("7. The first failure of a JVM: RST to callback, ms", "", "p50", "max", "JVMs");
    byKey.forEach(
        (key, samples) ->
            table.add(
                title(key),
                format("%.2f", samples.percentile(50) / 1e6),
                format("%.2f", samples.percentile(100) / 1e6),
                Integer.toString(samples.count())));
    return table;
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
