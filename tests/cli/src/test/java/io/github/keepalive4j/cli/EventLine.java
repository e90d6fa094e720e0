package io.github.keepalive4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A line of {@code --json}, held against the schema when it is read. */
record EventLine(JsonNode json) {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final List<String> COMMON = List.of("event", "peer", "at", "monotonicNs");
  private static final Map<String, List<String>> OWN =
      Map.of(
          "listening", List.of(),
          "connected", List.of(),
          "up", List.of("worstCaseMs", "options"),
          "suspect", List.of("probes"),
          "recovered", List.of(),
          "failover", List.of("cause", "errno", "lastHeardMs", "verdictNs"),
          "closed", List.of("cause"),
          "error", List.of("message"));
  private static final Set<String> WHOLE_NUMBERS =
      Set.of("monotonicNs", "worstCaseMs", "probes", "lastHeardMs", "verdictNs");
  private static final Set<String> MAY_BE_UNKNOWN = Set.of("errno", "lastHeardMs");

  static EventLine parse(String line) {
    try {
      EventLine event = new EventLine(MAPPER.readTree(line));
      event.requireSchema();
      return event;
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + line, e);
    }
  }

  String type() {
    return text("event");
  }

  String text(String field) {
    return json.get(field).textValue();
  }

  long number(String field) {
    return json.get(field).longValue();
  }

  private void requireSchema() {
    List<String> own = OWN.get(type());
    assertNotNull(own, () -> "unknown event: " + json);
    List<String> wanted = new ArrayList<>(COMMON);
    wanted.addAll(own);
    List<String> got = new ArrayList<>();
    json.fieldNames().forEachRemaining(got::add);
    assertEquals(wanted, got);
    got.forEach(this::requireKind);
    assertTrue(
        text("at").matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z"), text("at"));
    assertTrue(Instant.parse(text("at")).isAfter(Instant.EPOCH));
  }

  private void requireKind(String field) {
    JsonNode value = json.get(field);
    boolean unknown = MAY_BE_UNKNOWN.contains(field) && value.isNull();
    boolean right = WHOLE_NUMBERS.contains(field) ? value.isIntegralNumber() : value.isTextual();
    assertTrue(right || unknown, () -> field + " of " + json);
  }
}
