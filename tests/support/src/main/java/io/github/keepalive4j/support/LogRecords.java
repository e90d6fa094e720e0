package io.github.keepalive4j.support;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What a class's package logs at the default level, kept from the console. */
public final class LogRecords implements AutoCloseable {
  private final List<String> messages = new CopyOnWriteArrayList<>();
  private final Logger logger;
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          messages.add(line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  private LogRecords(Logger logger) {
    this.logger = logger;
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
  }

  public static LogRecords of(Class<?> owner) {
    return new LogRecords(Logger.getLogger(owner.getPackageName()));
  }

  public List<String> messages() {
    return messages;
  }

  @Override
  public void close() {
    logger.removeHandler(handler);
    logger.setUseParentHandlers(true);
  }
}
