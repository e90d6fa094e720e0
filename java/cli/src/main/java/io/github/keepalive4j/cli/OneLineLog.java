package io.github.keepalive4j.cli;

import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.cli.output.Messages;
import io.github.keepalive4j.cli.systemd.JournalStream;
import java.util.List;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Shows what the library logs as one line, without a stack trace. */
final class OneLineLog extends Formatter {
  private static final List<Logger> CHATTY =
      List.of(
          Logger.getLogger("org.apache.zookeeper"),
          Logger.getLogger(
              "org.apache.curator")); // held, because an unreferenced logger loses its level

  private static final Logger LIBRARY = Logger.getLogger(KeepaliveMonitor.class.getPackageName());

  static void install() {
    if (System.getProperty("java.util.logging.config.file") == null) {
      CHATTY.forEach(logger -> logger.setLevel(Level.OFF)); // the events report what matters
      LIBRARY.setLevel(Level.WARNING); // the commands report the transport in use themselves
    }
    Logger root = LogManager.getLogManager().getLogger("");
    for (Handler handler : root.getHandlers()) {
      handler.setFormatter(new OneLineLog());
    }
  }

  @Override
  public String format(LogRecord entry) {
    Throwable thrown = entry.getThrown();
    String cause = thrown == null ? "" : ": " + Messages.of(thrown);
    return JournalStream.prefix(level(entry))
        + "keepalive: "
        + Messages.oneLine(formatMessage(entry))
        + cause
        + System.lineSeparator();
  }

  private static JournalStream.Level level(LogRecord entry) {
    int level = entry.getLevel().intValue();
    if (level >= Level.SEVERE.intValue()) {
      return JournalStream.Level.ERROR;
    }
    return level >= Level.WARNING.intValue()
        ? JournalStream.Level.WARNING
        : JournalStream.Level.INFO;
  }
}
