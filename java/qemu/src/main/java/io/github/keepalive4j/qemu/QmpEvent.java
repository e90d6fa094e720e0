package io.github.keepalive4j.qemu;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * An event that QEMU reports by itself, such as {@code RESUME}, {@code SHUTDOWN} or {@code
 * COLO_EXIT}.
 *
 * @param name QEMU's name for it
 * @param data its data, an object, empty if it has none
 * @param timestamp when it happened by the clock of QEMU's host, empty if QEMU could not tell
 */
public record QmpEvent(String name, QmpValue data, Optional<Instant> timestamp) {
  public QmpEvent {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(data, "data");
    Objects.requireNonNull(timestamp, "timestamp");
  }

  static QmpEvent of(JsonNode message) throws QmpProtocolFault {
    JsonNode name = message.get("event");
    if (!name.isTextual()) {
      throw new QmpProtocolFault("an event's name is no string");
    }
    JsonNode data = message.path("data");
    QmpValue object = QmpValue.wrap(data.isObject() ? data : QmpJson.object());
    return new QmpEvent(name.textValue(), object, timestampOf(message.path("timestamp")));
  }

  private static Optional<Instant> timestampOf(JsonNode timestamp) {
    long seconds = timestamp.path("seconds").asLong(-1);
    long micros = timestamp.path("microseconds").asLong(-1);
    if (seconds < 0 || seconds > Instant.MAX.getEpochSecond() || micros < 0 || micros > 999_999) {
      return Optional.empty();
    }
    return Optional.of(Instant.ofEpochSecond(seconds, micros * 1_000));
  }
}
