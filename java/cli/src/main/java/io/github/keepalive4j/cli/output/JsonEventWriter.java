package io.github.keepalive4j.cli.output;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;

/**
 * Writes one JSON object a line, each with one system call. What a full disk tears stays a line of
 * its own.
 */
final class JsonEventWriter implements EventWriter {
  private static final DateTimeFormatter AT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final JsonFactory factory = new JsonFactory();
  private final OutputStream out;
  private boolean torn; // what was written last may lack its end

  /** Makes a writer; the stream must not keep what it fails to write. */
  JsonEventWriter(OutputStream out) {
    this.out = out;
  }

  @Override
  public void write(Event event) {
    byte[] line = line(event);
    try {
      out.write(line, 0, line.length);
      torn = false;
    } catch (IOException e) {
      torn = true; // the reader is gone, or the disk is full: a later event may get through
    }
  }

  private byte[] line(Event event) {
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    if (torn) {
      line.write('\n');
    }
    try (JsonGenerator json = factory.createGenerator(line)) {
      json.writeStartObject();
      json.writeStringField("event", event.type().label());
      json.writeStringField("peer", event.peer());
      json.writeStringField("at", AT.format(event.at()));
      json.writeNumberField("monotonicNs", event.monotonicNs());
      for (Map.Entry<String, Object> detail : event.details().entrySet()) {
        json.writeFieldName(detail.getKey());
        write(json, detail.getValue());
      }
      json.writeEndObject();
      json.writeRaw('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return line.toByteArray();
  }

  private static void write(JsonGenerator json, Object value) throws IOException {
    if (value instanceof List<?> elements) {
      json.writeStartArray();
      for (Object element : elements) {
        write(json, element);
      }
      json.writeEndArray();
    } else if (value instanceof Map<?, ?> fields) {
      json.writeStartObject();
      for (Map.Entry<?, ?> field : fields.entrySet()) {
        json.writeFieldName((String) field.getKey());
        write(json, field.getValue());
      }
      json.writeEndObject();
    } else {
      json.writePOJO(value);
    }
  }
}
