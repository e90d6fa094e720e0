package io.github.keepalive4j.internal.jfr;

import jdk.jfr.FlightRecorder;

/** The switch before {@link FlightEvents}. */
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

  /**
   * Tells whether there is, or was, a recording. To ask an event instead would cost the first one
   * to ask more than 100 ms, for its class sets the recorder up.
   */
  public static boolean isOn() {
    return PRESENT && FlightRecorder.isInitialized();
  }
}
