package io.github.keepalive4j.soak.run;

import io.github.keepalive4j.soak.check.FaultInterval;
import io.github.keepalive4j.soak.check.InjectedFault;
import io.github.keepalive4j.soak.fault.ActiveFault;
import io.github.keepalive4j.soak.program.Testbed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Injects faults and records when each was active. All methods may be called by any thread. */
final class FaultLog {
  /** The kernel repeats an unanswered neighbour solicitation after 1 s (RFC 4861, section 10). */
  private static final long RESOLICITED_NS = TimeUnit.SECONDS.toNanos(1);

  private final Testbed testbed;
  private final List<FaultInterval> intervals = new ArrayList<>();

  /** Held while a device changes: setting a device up waits for the carrier of all that are up. */
  private final Object devices = new Object();

  FaultLog(Testbed testbed) {
    this.testbed = testbed;
  }

  synchronized List<FaultInterval> intervals() {
    return List.copyOf(intervals);
  }

  private synchronized void add(FaultInterval interval) {
    intervals.add(interval);
  }

  /** Ends the connections to a source. */
  void end(InjectedFault fault, int source) throws IOException, InterruptedException {
    long startedNs = System.nanoTime();
    if (fault.equals(InjectedFault.STAND_DOWN)) {
      testbed.sources().get(source).standDown();
    } else {
      ActiveFault.on(testbed.target(source), fault.kind());
    }
    long effectiveNs = System.nanoTime();
    add(new FaultInterval(fault, source, startedNs, effectiveNs, effectiveNs, effectiveNs));
  }

  /**
   * Injects a fault that lasts until it is undone.
   *
   * @param source the number of the source, or {@link FaultInterval#ALL}
   */
  OpenInterval begin(InjectedFault fault, int source) throws IOException {
    return new OpenInterval(fault, source);
  }

  /** The interval of a fault that is still active. */
  final class OpenInterval {
    private final InjectedFault fault;
    private final int source;
    private final ActiveFault active;

    private OpenInterval(InjectedFault fault, int source) throws IOException {
      this.fault = fault;
      this.source = source;
      synchronized (fault.isUnresolved() ? devices : this) {
        active = ActiveFault.on(testbed.target(Math.max(0, source)), fault.kind());
      }
    }

    /** Undoes the fault and records its interval. */
    void undo() throws IOException, InterruptedException {
      long endingNs = System.nanoTime();
      if (fault.isUnresolved()) {
        synchronized (devices) {
          endingNs = System.nanoTime();
          active.close();
        }
        boolean all = source == FaultInterval.ALL;
        testbed.flushNeighbours(all ? testbed.sources() : List.of(testbed.sources().get(source)));
      } else {
        active.close();
      }
      long endedNs = System.nanoTime() + (fault.isUnresolved() ? RESOLICITED_NS : 0);
      add(
          new FaultInterval(
              fault, source, active.startedNs(), active.effectiveNs(), endingNs, endedNs));
    }
  }
}
