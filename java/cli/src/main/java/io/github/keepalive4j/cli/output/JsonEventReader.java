package io.github.keepalive4j.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** Reads the lines that {@link JsonEventWriter} writes. */
public final class JsonEventReader {
  private final ObjectMapper mapper = new ObjectMapper();

  /** Returns whether a line is an event, and not a failover command's output. */
  public static boolean isEvent(String line) {
    return line.startsWith("{\"event\":");
  }

  /** Returns the fields as text: those without a value as null, lists as JSON. */
  public Map<String, String> read(String line) throws IOException {
    Map<String, String> fields = new HashMap<>();
    for (Map.Entry<String, JsonNode> field : mapper.readTree(line).properties()) {
      JsonNode value = field.getValue();
      fields.put(field.getKey(), value.isArray() ? value.toString() : value.asText(null));
    }
    return fields;
  }

  /** Returns a list's elements. */
  public JsonNode elements(String list) throws IOException {
    return mapper.readTree(list);
  }
}
