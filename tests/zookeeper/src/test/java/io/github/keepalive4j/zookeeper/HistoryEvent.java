package io.github.keepalive4j.zookeeper;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** One line of a journal. */
public record HistoryEvent(JsonNode line) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Reads a journal; skips lines that are incomplete. */
  public static List<HistoryEvent> read(Path journal) throws IOException {
    List<HistoryEvent> events = new ArrayList<>();
    String text = new String(Files.readAllBytes(journal), StandardCharsets.UTF_8);
    for (String line : text.lines().toList()) {
      try {
        JsonNode parsed = MAPPER.readTree(line);
        if (parsed.isObject()) {
          events.add(new HistoryEvent(parsed));
        }
      } catch (JsonProcessingException e) {
        // incomplete: its writer was killed
      }
    }
    return events;
  }

  static HistoryEvent of(String json) {
    try {
      return new HistoryEvent(MAPPER.readTree(json));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  boolean is(String event) {
    return line.path("event").asText().equals(event);
  }

  String instance() {
    return line.path("instance").asText();
  }

  long seq() {
    return line.path("seq").asLong();
  }

  long atNs() {
    return line.path("monotonicNs").asLong();
  }

  /** Returns when the event began; for an act or a start, before its claim was found valid. */
  long begunNs() {
    return number("begunNs").orElse(atNs());
  }

  long watch() {
    return line.path("watch").asLong();
  }

  public String text(String field) {
    return line.path(field).asText();
  }

  OptionalLong number(String field) {
    JsonNode value = line.path(field);
    return value.isNumber() ? OptionalLong.of(value.asLong()) : OptionalLong.empty();
  }

  OptionalLong token() {
    return number("token");
  }

  /** Tells whether both lines are about the same claim. */
  boolean isOnClaimOf(HistoryEvent other) {
    return token().isPresent()
        && token().equals(other.token())
        && text("resource").equals(other.text("resource"));
  }
}
