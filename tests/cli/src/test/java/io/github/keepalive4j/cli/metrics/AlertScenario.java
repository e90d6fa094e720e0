package io.github.keepalive4j.cli.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What Prometheus has scraped within ten minutes, and the alerts that must fire at their end: these
 * and no others.
 */
final class AlertScenario {
  private static final int SAMPLES = 41;
  private static final int CHANGE_AT = 21;

  private final String name;
  private final List<String> series = new ArrayList<>();
  private Set<String> firing = Set.of();

  private AlertScenario(String name) {
    this.name = name;
  }

  static AlertScenario of(String name) {
    return new AlertScenario(name);
  }

  /** Adds a command that was scraped all the time: one page for five minutes, then the other. */
  AlertScenario scraped(String instance, MetricsPage first, MetricsPage then) {
    add("up{}", instance, "1", "1");
    Set<String> names = new TreeSet<>(first.samples().keySet());
    names.addAll(then.samples().keySet());
    for (String each : names) {
      add(
          each,
          instance,
          first.samples().getOrDefault(each, "_"),
          then.samples().getOrDefault(each, "stale"));
    }
    return this;
  }

  /** Adds a command that had this page for five minutes, and can't be scraped since. */
  AlertScenario down(String instance, MetricsPage first) {
    add("up{}", instance, "1", "0");
    first.samples().forEach((each, value) -> add(each, instance, value, "stale"));
    return this;
  }

  AlertScenario firing(String... alerts) {
    firing = Set.of(alerts);
    return this;
  }

  private void add(String scraped, String instance, String first, String then) {
    String labels = "job=\"keepalive\", instance=\"" + instance + "\"";
    String name =
        scraped.endsWith("}")
            ? scraped.substring(0, scraped.length() - 1)
                + (scraped.endsWith("{}") ? "" : ", ")
                + labels
                + "}"
            : scraped + "{" + labels + "}";
    String values =
        Stream.concat(
                Stream.generate(() -> first).limit(CHANGE_AT),
                Stream.generate(() -> then).limit(SAMPLES - CHANGE_AT))
            .collect(Collectors.joining(" "));
    series.add("      - series: '" + name + "'\n        values: '" + values + "'\n");
  }

  void check(Path rules, Path folder) throws Exception {
    Path test = folder.resolve("scenario.yml");
    Files.writeString(test, text(rules));
    Process promtool =
        new ProcessBuilder("promtool", "test", "rules", test.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, promtool.waitFor(), () -> name + ": " + said);
  }

  private String text(Path rules) {
    String expected =
        firing.stream()
            .sorted()
            .map(
                alert ->
                    "          - labels: '{alertname=\"" + alert + "\"}'\n            value: 1\n")
            .collect(Collectors.joining());
    return "rule_files: ['"
        + rules
        + "']\nevaluation_interval: 15s\ntests:\n  - name: "
        + name
        + "\n    interval: 15s\n    input_series:\n"
        + String.join("", series)
        + "    promql_expr_test:\n"
        + "      - expr: group by (alertname) (ALERTS{alertstate=\"firing\"})\n"
        + "        eval_time: 10m\n        exp_samples:\n"
        + (expected.isEmpty() ? "          []\n" : expected);
  }
}
