package io.github.keepalive4j.monitor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** A running recording with the JDK's own defaults, and the library's events in it. */
public final class FlightLog implements AutoCloseable {
  private static final String PREFIX = "keepalive4j.";

  private final Recording recording = new Recording();

  public FlightLog() {
    recording.start();
  }

  /** Stops recording and returns the events in the order in which they began. */
  public List<RecordedEvent> events() throws IOException {
    recording.stop();
    Path file = Files.createTempFile("flight", ".jfr");
    try {
      recording.dump(file);
      return RecordingFile.readAllEvents(file).stream()
          .filter(event -> event.getEventType().getName().startsWith(PREFIX))
          .sorted(Comparator.comparing(RecordedEvent::getStartTime))
          .toList();
    } finally {
      Files.delete(file);
    }
  }

  public static String nameOf(RecordedEvent event) {
    return event.getEventType().getName().substring(PREFIX.length());
  }

  public static List<String> namesOf(List<RecordedEvent> events) {
    return events.stream().map(FlightLog::nameOf).toList();
  }

  @Override
  public void close() {
    recording.close();
  }
}
