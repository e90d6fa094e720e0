package io.github.keepalive4j.internal;

import java.util.ResourceBundle;

/**
 * The library's logger. What logging throws is dropped: a logger of an application whose classes
 * are gone must not cost a link its failover, or a monitor its thread.
 */
public final class SafeLogger implements System.Logger {
  private static final String NAME = "io.github.keepalive4j";
  private static final System.Logger INSTANCE = new SafeLogger();

  private volatile System.Logger logger; // null until used

  private SafeLogger() {}

  public static System.Logger get() {
    return INSTANCE;
  }

  private System.Logger logger() {
    if (logger == null) {
      logger = System.getLogger(NAME);
    }
    return logger;
  }

  @Override
  public String getName() {
    return NAME;
  }

  @Override
  public boolean isLoggable(Level level) {
    try {
      return logger().isLoggable(level);
    } catch (Throwable e) {
      return false;
    }
  }

  @Override
  public void log(Level level, ResourceBundle bundle, String message, Throwable thrown) {
    try {
      logger().log(level, bundle, message, thrown);
    } catch (Throwable e) {
      return;
    }
  }

  @Override
  public void log(Level level, ResourceBundle bundle, String format, Object... params) {
    try {
      logger().log(level, bundle, format, params);
    } catch (Throwable e) {
      return;
    }
  }
}
