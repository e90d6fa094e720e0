package io.github.keepalive4j.cli.output;

import io.github.keepalive4j.cli.systemd.JournalStream;
import io.github.keepalive4j.cli.systemd.JournalStream.Level;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.Consumer;

/** Writes one line for people. */
final class TextEventWriter implements EventWriter {
  private static final DateTimeFormatter AT =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

  private final Consumer<String> lines;

  TextEventWriter(Consumer<String> lines) {
    this.lines = lines;
  }

  @Override
  public void write(Event event) {
    String line = AT.format(event.at()) + "  " + withoutTime(event);
    lines.accept(JournalStream.prefix(level(event.type())) + line);
  }

  static String withoutTime(Event event) {
    return String.format(
            Locale.ROOT, "%-9s  %s  %s", event.type().label(), event.peer(), event.text())
        .stripTrailing();
  }

  private static Level level(Event.Type type) {
    return switch (type) {
      case ERROR, DECLINED, CLAIM_LOST, WORKLOAD_ENDED -> Level.ERROR;
      case SUSPECT, FAILOVER, JOURNAL_LATE, WAITING, WARNING, STUCK, DEAD_PEER -> Level.WARNING;
      case GRANTED, TAKEOVER, CONFIRMED, RECOVERED -> Level.NOTICE;
      default -> Level.INFO;
    };
  }
}
