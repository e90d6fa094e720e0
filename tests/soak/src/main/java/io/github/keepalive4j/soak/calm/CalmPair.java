package io.github.keepalive4j.soak.calm;

import io.github.keepalive4j.soak.program.Keepalive;
import io.github.keepalive4j.testkit.Lab;
import io.github.keepalive4j.testkit.ManagedProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A source and a backup that are left in peace. */
final class CalmPair implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Pattern CAUSE = Pattern.compile("\"cause\":\"(\\w+)\"");

  private final Lab lab;
  private final Link link;
  private final ManagedProcess source;
  private final ManagedProcess backup;

  private CalmPair(Lab lab, Link link, Keepalive keepalive)
      throws IOException, InterruptedException, TimeoutException {
    this.lab = lab;
    this.link = link;
    String address = lab.source().ipv4().getHostAddress();
    source = lab.source().start(link.serve(keepalive, address));
    source.awaitLine("\"event\":\"listening\"", LIMIT);
    backup = lab.backup().start(link.watch(keepalive, address));
    backup.awaitLine("\"event\":\"up\"", LIMIT);
  }

  static CalmPair open(Link link, Keepalive keepalive)
      throws IOException, InterruptedException, TimeoutException {
    Lab lab = Lab.open();
    CalmPair pair = null;
    try {
      pair = new CalmPair(lab, link, keepalive);
      return pair;
    } finally {
      if (pair == null) {
        lab.close();
      }
    }
  }

  Link link() {
    return link;
  }

  /** Returns how many times each cause has led to a failover. */
  Map<String, Integer> failovers() {
    Map<String, Integer> causes = new TreeMap<>();
    for (String line : events("failover")) {
      Matcher matcher = CAUSE.matcher(line);
      causes.merge(matcher.find() ? matcher.group(1) : line, 1, Integer::sum);
    }
    return causes;
  }

  int suspicions() {
    return events("suspect").size();
  }

  private List<String> events(String type) {
    String part = "\"event\":\"" + type + "\"";
    return backup.lines().stream().filter(line -> line.contains(part)).toList();
  }

  /** Tells whether both processes run. */
  boolean isWhole() {
    return source.isAlive() && backup.isAlive();
  }

  @Override
  public void close() throws IOException {
    lab.close();
  }
}
