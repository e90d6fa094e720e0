package io.github.keepalive4j.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.keepalive4j.cli.output.JsonEventReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** Shows what happens after a fault, with the time since. */
final class DemoTimeline {
  private final JsonEventReader events = new JsonEventReader();
  private final PrintWriter out;
  private final long faultNs;

  private DemoTimeline(PrintWriter out, long faultNs) {
    this.out = out;
    this.faultNs = faultNs;
  }

  static DemoTimeline begin(PrintWriter out, long faultNs, String fault) {
    DemoTimeline timeline = new DemoTimeline(out, faultNs);
    timeline.show(faultNs, fault);
    return timeline;
  }

  /** Shows what the backup does until its end, and returns its exit status. */
  int follow(ChildCommand backup) throws IOException, InterruptedException {
    for (String line = backup.readLine(); line != null; line = backup.readLine()) {
      show(line);
    }
    int status = backup.waitFor();
    show(System.nanoTime(), "the backup's keepalive exits with " + status);
    return status;
  }

  private void show(String line) throws IOException {
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

  private String describe(Map<String, String> event) throws IOException {
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
      case "takeover" -> "takeover: " + steps(event) + " within " + event.get("tookMs") + " ms";
      case "error" -> "error: " + event.get("message");
      default -> name;
    };
  }

  private String steps(Map<String, String> event) throws IOException {
    StringJoiner steps = new StringJoiner(", ");
    for (JsonNode step : events.elements(event.get("steps"))) {
      String detail = step.get("detail").textValue();
      steps.add(step.get("name").textValue() + (detail.isEmpty() ? "" : " (" + detail + ")"));
    }
    return steps.toString();
  }
}
