package io.github.keepalive4j.internal.journal;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts an event on a line, after what the line says of itself. */
public final class LineFormat {
  /** What a line says of itself, and nobody else may. */
  public static final List<String> OWN_NAMES =
      List.of("instance", "seq", "time", "monotonicNs", "event");

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final String instance;

  LineFormat(String instance) {
    this.instance = instance;
  }

  String of(String event, long seq, long nowNs, Map<String, ?> details) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("instance", instance);
    line.put("seq", seq);
    line.put("time", TIME.format(Instant.now()));
    line.put("monotonicNs", nowNs);
    line.put("event", event);
    line.putAll(details);
    return JsonLine.of(line) + "\n";
  }
}
