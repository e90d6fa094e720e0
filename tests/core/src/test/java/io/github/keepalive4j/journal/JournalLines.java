package io.github.keepalive4j.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.keepalive4j.internal.journal.JournalWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads a journal, passing over torn lines. */
public final class JournalLines {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private JournalLines() {}

  public static List<JsonNode> read(Path file) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line :
        new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList()) {
      try {
        JsonNode parsed = MAPPER.readTree(line);
        if (parsed.isObject()) {
          lines.add(parsed);
        }
      } catch (JsonProcessingException e) {
        // torn
      }
    }
    return lines;
  }

  /** Returns what happened, without the lines that a disk adds which is slow for a moment. */
  public static List<String> events(List<JsonNode> lines) {
    return lines.stream()
        .map(line -> line.get("event").asText())
        .filter(event -> !event.equals(JournalWriter.LATE))
        .toList();
  }
}
