package io.github.keepalive4j.support;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** A package's logger that throws, as one of an application whose classes are gone. */
public final class BrokenLog implements AutoCloseable {
  private final AtomicInteger logged = new AtomicInteger();
  private final Logger logger;
  private final Handler broken =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          logged.incrementAndGet();
          throw new NoClassDefFoundError("undeployed");
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  private BrokenLog(Logger logger) {
    this.logger = logger;
    logger.addHandler(broken);
    logger.setUseParentHandlers(false);
  }

  public static BrokenLog of(Class<?> owner) {
    return new BrokenLog(Logger.getLogger(owner.getPackageName()));
  }

  /** Returns how many lines were lost. */
  public int logged() {
    return logged.get();
  }

  @Override
  public void close() {
    logger.removeHandler(broken);
    logger.setUseParentHandlers(true);
  }
}
