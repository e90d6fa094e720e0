package io.github.keepalive4j.internal.jfr;

import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;
import jdk.jfr.Recording;
import jdk.jfr.RecordingState;

/** Runs a task on the thread that starts a recording, before the start returns. */
final class RecordingWatch implements FlightRecorderListener, Flight.Subscription {
  private final Runnable task;

  private RecordingWatch(Runnable task) {
    this.task = task;
  }

  static RecordingWatch open(Runnable task) {
    RecordingWatch watch = new RecordingWatch(task);
    FlightRecorder.addListener(watch);
    return watch;
  }

  @Override
  public void recordingStateChanged(Recording recording) {
    if (recording.getState() == RecordingState.RUNNING) {
      task.run();
    }
  }

  @Override
  public void close() {
    FlightRecorder.removeListener(this);
  }
}
