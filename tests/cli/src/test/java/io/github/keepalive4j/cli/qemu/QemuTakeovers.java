package io.github.keepalive4j.cli.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.keepalive4j.cli.EventLine;
import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.Host;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Takeovers, as {@code watch --json} tells them. */
final class QemuTakeovers {
  private QemuTakeovers() {}

  static Keepalive watch(Host host, String source, String... options) throws IOException {
    return Keepalive.runOn(host, arguments(source, options));
  }

  static Keepalive watch(String source, String... options) throws IOException {
    return Keepalive.run(arguments(source, options));
  }

  private static String[] arguments(String source, String... options) {
    List<String> arguments = new ArrayList<>(List.of("watch", source, "--json"));
    arguments.addAll(List.of(options));
    return arguments.toArray(String[]::new);
  }

  /** Requires a failover that the fault brought about, and then the takeover. */
  static void requireOrder(Keepalive backup, Fault fault) {
    List<String> types = backup.eventTypes();
    assertEquals(List.of("failover", "takeover"), types.subList(types.size() - 2, types.size()));
    EventLine failover = backup.events("failover").get(0);
    assertEquals("TIMED_OUT", failover.text("cause"));
    assertTrue(failover.number("verdictNs") > fault.startedNs(), backup::output);
    assertEquals(failover.text("peer"), backup.events("takeover").get(0).text("peer"));
  }

  static void requireSteps(Keepalive backup, String... wanted) {
    assertEquals(List.of(wanted), names(backup.events("takeover").get(0)));
  }

  static List<String> names(EventLine event) {
    List<String> names = new ArrayList<>();
    for (JsonNode step : event.json().get("steps")) {
      names.add(step.get("name").textValue());
    }
    return names;
  }

  /** The end of the takeover, at which QEMU says that the machine runs. */
  static Duration verdictToRunning(Keepalive backup) {
    return Duration.ofNanos(
        backup.events("takeover").get(0).number("monotonicNs")
            - backup.events("failover").get(0).number("verdictNs"));
  }

  static double verdictToRunningMs(Keepalive backup) {
    return verdictToRunning(backup).toNanos() / 1e6;
  }
}
