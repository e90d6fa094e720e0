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
public record EventLine(JsonNode json) {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final List<String> COMMON = List.of("event", "peer", "at", "monotonicNs");
  private static final List<String> SILENT_SOCKET =
      List.of("pid", "process", "local", "withinMs", "silenceMs", "queuedBytes");
  private static final Map<String, List<String>> OWN =
      Map.ofEntries(
          Map.entry("waiting", List.of("reason")),
          Map.entry("listening", List.of()),
          Map.entry("connected", List.of()),
          Map.entry("up", List.of("worstCaseMs", "options")),
          Map.entry("suspect", List.of("probes")),
          Map.entry("recovered", List.of()),
          Map.entry("confirmed", List.of("cause", "errno", "lastHeardMs", "verdictNs", "tookMs")),
          Map.entry("armed", List.of("token", "detail")),
          Map.entry("not-armed", List.of("reason")),
          Map.entry("granted", List.of("token", "claim")),
          Map.entry(
              "declined", List.of("cause", "errno", "lastHeardMs", "verdictNs", "local", "reason")),
          Map.entry("held", List.of("token")),
          Map.entry("failover", List.of("cause", "errno", "lastHeardMs", "verdictNs", "local")),
          Map.entry("takeover", List.of("qmp", "action", "alreadyDone", "tookMs", "steps")),
          Map.entry("claim-lost", List.of("token", "reason")),
          Map.entry("workload-ended", List.of("reason")),
          Map.entry("journal-late", List.of("line")),
          Map.entry("failsafe", List.of("on")),
          Map.entry("closed", List.of("cause")),
          Map.entry("refused", List.of("refusal", "refusals")),
          Map.entry("metrics", List.of("url")),
          Map.entry("check", List.of("check", "outcome", "detail")),
          Map.entry(
              "socket",
              List.of(
                  "pid",
                  "process",
                  "fd",
                  "local",
                  "state",
                  "keepAlive",
                  "idleS",
                  "intervalS",
                  "count",
                  "userTimeoutMs",
                  "rtoMs",
                  "retries2",
                  "unacked",
                  "queuedBytes",
                  "sendWindow",
                  "inFlightMs",
                  "retransmits",
                  "probes",
                  "lastHeardMs",
                  "hangMs")),
          Map.entry(
              "governed",
              List.of(
                  "pid",
                  "process",
                  "local",
                  "withinMs",
                  "keepAlive",
                  "idleS",
                  "intervalS",
                  "count",
                  "userTimeoutMs")),
          Map.entry("set-again", List.of("pid", "process", "local", "withinMs")),
          Map.entry("spared", SILENT_SOCKET),
          Map.entry("dead-peer", SILENT_SOCKET),
          Map.entry(
              "stuck",
              List.of("pid", "process", "local", "withinMs", "silenceMs", "queuedBytes", "ended")),
          Map.entry("warning", List.of("message")),
          Map.entry("error", List.of("message")));
  private static final List<String> QEMU_CONNECTED = List.of("qemu", "warning");
  private static final List<String> FAILED_TAKEOVER =
      List.of("message", "qmp", "action", "fault", "errorClass", "description", "tookMs", "steps");
  private static final List<String> STEP = List.of("name", "outcome", "tookMs", "detail");
  private static final Set<String> NULLABLE =
      Set.of(
          "token",
          "errno",
          "lastHeardMs",
          "local",
          "fault",
          "errorClass",
          "description",
          "warning",
          "rtoMs",
          "retries2",
          "sendWindow",
          "inFlightMs");
  private static final Set<String> WHOLE_NUMBERS =
      Set.of(
          "monotonicNs",
          "worstCaseMs",
          "probes",
          "token",
          "lastHeardMs",
          "verdictNs",
          "refusals",
          "pid",
          "fd",
          "idleS",
          "intervalS",
          "count",
          "userTimeoutMs",
          "rtoMs",
          "retries2",
          "unacked",
          "queuedBytes",
          "sendWindow",
          "inFlightMs",
          "withinMs",
          "silenceMs",
          "retransmits");

  public static EventLine parse(String line) {
    try {
      EventLine event = new EventLine(MAPPER.readTree(line));
      event.requireSchema();
      return event;
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + line, e);
    }
  }

  public String type() {
    return text("event");
  }

  public String text(String field) {
    return json.get(field).textValue();
  }

  public boolean flag(String field) {
    return json.get(field).asBoolean();
  }

  public long number(String field) {
    return json.get(field).longValue();
  }

  private void requireSchema() {
    List<String> own = json.has("fault") ? FAILED_TAKEOVER : OWN.get(type());
    if (json.has("qemu")) {
      own = QEMU_CONNECTED;
    }
    assertNotNull(own, "unknown event: " + json);
    List<String> wanted = new ArrayList<>(COMMON);
    wanted.addAll(own);
    assertEquals(wanted, names(json));
    wanted.forEach(this::requireKind);
    assertTrue(
        text("at").matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z"), text("at"));
    assertTrue(Instant.parse(text("at")).isAfter(Instant.EPOCH));
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private void requireKind(String field) {
    JsonNode value = json.get(field);
    assertTrue(isRight(field, value), () -> field + " of " + json);
  }

  private static boolean isRight(String field, JsonNode value) {
    return switch (field) {
      case "tookMs" -> value.isNumber();
      case "alreadyDone", "on", "keepAlive", "ended" -> value.isBoolean();
      case "hangMs" -> value.isObject();
      case "steps" -> value.isArray() && areSteps(value);
      default ->
          (WHOLE_NUMBERS.contains(field) ? value.isIntegralNumber() : value.isTextual())
              || (NULLABLE.contains(field) && value.isNull());
    };
  }

  private static boolean areSteps(JsonNode steps) {
    for (JsonNode step : steps) {
      if (!names(step).equals(STEP) || !step.get("tookMs").isNumber()) {
        return false;
      }
    }
    return true;
  }
}
