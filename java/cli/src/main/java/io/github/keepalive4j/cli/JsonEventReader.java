package io.github.keepalive4j.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** Reads the lines of {@link JsonEventWriter} again. */
final class JsonEventReader {
  private final JsonFactory factory = new JsonFactory();

  /** Tells whether a line is an event, and not a failover command's output. */
  static boolean isEvent(String line) {
    return line.startsWith("{\"event\":");
  }

  /** Returns the plain fields as text, those without a value as null. */
  Map<String, String> read(String line) throws IOException {
    Map<String, String> fields = new HashMap<>();
    try (JsonParser json = factory.createParser(line)) {
      json.nextToken();
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        if (json.nextToken().isScalarValue()) {
          fields.put(name, json.currentToken() == JsonToken.VALUE_NULL ? null : json.getText());
        } else {
          json.skipChildren();
        }
      }
    }
    return fields;
  }
}
