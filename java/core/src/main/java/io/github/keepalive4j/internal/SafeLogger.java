package io.github.keepalive4j.internal;

import java.util.ResourceBundle;

/**
 * The library's logger. What logging throws is dropped, and who logs waits for no log that hangs: a
 * logger of an application whose classes are gone, or whose disk hangs, must not cost a link its
 * failover, or a monitor its thread.
 */
public final class SafeLogger implements System.Logger {
  private static final SafeLogger INSTANCE = new SafeLogger("io.github.keepalive4j");

  private final String name;
  private volatile System.Logger logger; // null until used

  private SafeLogger(String name) {
    this.name = name;
  }

  public static System.Logger get() {
    return INSTANCE;
  }

  /** Returns the logger of another module's package. */
  public static System.Logger of(Class<?> owner) {
    return new SafeLogger(owner.getPackageName());
  }

  private System.Logger logger() {
    if (logger == null) {
      logger = System.getLogger(name);
    }
    return logger;
  }

  @Override
  public String getName() {
    return name;
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
    log(level, () -> logger().log(level, bundle, message, thrown));
  }

  @Override
  public void log(Level level, ResourceBundle bundle, String format, Object... params) {
    log(level, () -> logger().log(level, bundle, format, params));
  }

  private void log(Level level, Runnable call) {
    if (isLoggable(level)) {
      LogThread.run(() -> attempt(call));
    }
  }

  private static void attempt(Runnable call) {
    try {
      call.run();
    } catch (Throwable e) {
      return;
    }
  }
}
