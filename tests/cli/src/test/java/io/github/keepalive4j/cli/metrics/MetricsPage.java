package io.github.keepalive4j.cli.metrics;

import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.support.Eventually;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What Prometheus would read of a command at one moment.
 *
 * @param samples each series with its labels, as the page has it, and its value
 */
public record MetricsPage(Map<String, String> samples) {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  /** Reads the page that a command has announced. */
  public static MetricsPage of(Keepalive command) throws IOException, InterruptedException {
    URI url = URI.create(command.awaitEvent("metrics").text("url"));
    HttpRequest request = HttpRequest.newBuilder(url).timeout(LIMIT).build();
    String body = CLIENT.send(request, HttpResponse.BodyHandlers.ofString()).body();
    Map<String, String> samples = new TreeMap<>();
    body.lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(
            line -> {
              int end = line.lastIndexOf(' ');
              samples.put(line.substring(0, end), line.substring(end + 1));
            });
    return new MetricsPage(samples);
  }

  /** Reads the page until a series has a value. */
  static MetricsPage await(Keepalive command, String series, double value) throws Exception {
    MetricsPage[] last = new MetricsPage[1];
    Eventually.await(
        series + " " + value,
        LIMIT,
        () -> {
          last[0] = of(command);
          return last[0].value(series) == value;
        });
    return last[0];
  }

  /** Returns a series' value, NaN if it isn't there. */
  double value(String series) {
    return Double.parseDouble(samples.getOrDefault(series, "NaN"));
  }

  /** Returns the values of all series that count or time failovers. */
  public Set<Double> ofFailovers() {
    return samples.entrySet().stream()
        .filter(sample -> sample.getKey().startsWith("keepalive_failover"))
        .map(sample -> Double.valueOf(sample.getValue()))
        .collect(Collectors.toSet());
  }

  /** Returns the page with another value in one place. */
  MetricsPage with(String series, String value) {
    Map<String, String> changed = new TreeMap<>(samples);
    changed.put(series, value);
    return new MetricsPage(changed);
  }
}
