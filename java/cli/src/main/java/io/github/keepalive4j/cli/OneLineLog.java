package io.github.keepalive4j.cli;

import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Shows what the library logs as one line, without a stack trace. */
final class OneLineLog extends Formatter {
  static void install() {
    Logger root = LogManager.getLogManager().getLogger("");
    for (Handler handler : root.getHandlers()) {
      handler.setFormatter(new OneLineLog());
    }
  }

  @Override
  public String format(LogRecord entry) {
    Throwable thrown = entry.getThrown();
    String cause = thrown == null ? "" : ": " + Messages.of(thrown);
    return "keepalive: " + formatMessage(entry) + cause + System.lineSeparator();
  }
}
