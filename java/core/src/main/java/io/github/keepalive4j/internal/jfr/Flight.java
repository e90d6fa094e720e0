package io.github.keepalive4j.internal.jfr;

import jdk.jfr.FlightRecorder;

/** Tells whether {@link FlightEvents} may be used. */
public final class Flight {
  private static final boolean PRESENT = isPresent();

  private Flight() {}

  private static boolean isPresent() {
    try {
      Class.forName("jdk.jfr.FlightRecorder", false, Flight.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) { // a runtime image without jdk.jfr
      return false;
    }
  }

  /** What ends by being closed, without an exception. */
  public interface Subscription extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Runs a task at once if there is, or was, a recording, and whenever one starts. The recorder
   * keeps the task until the subscription is closed.
   */
  public static Subscription onRecording(Runnable task) {
    if (!PRESENT) {
      return () -> {};
    }
    if (isOn()) {
      task.run();
    }
    return RecordingWatch.open(task);
  }

  /**
   * Tells whether there is, or was, a recording. Asking an event's class instead would set the
   * recorder up, which takes more than 100 ms.
   */
  public static boolean isOn() {
    return PRESENT && FlightRecorder.isInitialized();
  }
}
