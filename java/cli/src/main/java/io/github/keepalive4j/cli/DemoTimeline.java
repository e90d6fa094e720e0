package io.github.keepalive4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;

/** Shows what happens after a fault, with the time since. */
final class DemoTimeline {
  private final JsonEventReader events = new JsonEventReader();
  private final PrintWriter out;
  private final long faultNs;

  DemoTimeline(PrintWriter out, long faultNs) {
    this.out = out;
    this.faultNs = faultNs;
  }

  /** Shows a line of the backup's output. */
  void show(String line) throws IOException {
    if (JsonEventReader.isEvent(line)) {
      Map<String, String> event = events.read(line);
      show(Long.parseLong(event.get("monotonicNs")), describe(event));
    } else {
      show(System.nanoTime(), "the failover command says: " + line);
    }
  }

  void show(long whenNs, String what) {
    out.printf(Locale.ROOT, "  %+7.3f s  %s%n", (whenNs - faultNs) / 1e9, what);
  }

  private static String describe(Map<String, String> event) {
    String name = event.get("event");
    return switch (name) {
      case "suspect" -> "suspect: probes unanswered: " + event.get("probes");
      case "failover" ->
          "failover: "
              + event.get("cause")
              + (event.get("errno") == null ? "" : " (" + event.get("errno") + ")")
              + (event.get("lastHeardMs") == null
                  ? ""
                  : ", last heard " + event.get("lastHeardMs") + " ms before");
      case "error" -> "error: " + event.get("message");
      default -> name;
    };
  }
}
