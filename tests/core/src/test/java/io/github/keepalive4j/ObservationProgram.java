package io.github.keepalive4j;

import com.sun.management.ThreadMXBean;
import io.github.keepalive4j.internal.jfr.Flight;
import java.lang.management.ManagementFactory;
import java.util.List;

/** Tells in a process of its own what observing costs where nobody observes. */
final class ObservationProgram {
  private static final int ROUNDS = 10_000;

  private ObservationProgram() {}

  public static void main(String[] args) throws Exception {
    System.out.println(allocatedBytes() + " bytes, recorder " + (Flight.isOn() ? "on" : "off"));
  }

  /** Returns what a link's life allocates beside the life itself. */
  static long allocatedBytes() throws Exception {
    try (RawSource source = RawSource.open();
        RawSource.Pair pair = source.connect()) {
      pair.reset();
      Failure failure = pair.link().awaitFailure(Eventually.DEADLINE).orElseThrow();
      Observation observation = new Observation(null, (link, error) -> {});
      observe(observation, failure); // classes are loaded, call sites linked
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      threads.getCurrentThreadAllocatedBytes();
      long before = threads.getCurrentThreadAllocatedBytes();
      observe(observation, failure);
      return threads.getCurrentThreadAllocatedBytes() - before;
    }
  }

  private static void observe(Observation observation, Failure failure) throws Exception {
    FailoverCallback callback = ignored -> {};
    GroupFailoverCallback groupCallback = ignored -> {};
    List<Failure> failures = List.of(failure);
    for (int i = 0; i < ROUNDS; i++) {
      observation.watched(failure.link());
      observation.suspect(failure.link(), 1);
      observation.recovered(failure.link());
      observation.violation(failure.link(), 1);
      observation.verdict(failure);
      observation.callBack(callback, failure);
      observation.callBack(groupCallback, failures);
      observation.declined(failures, "");
      observation.unwatched(failure.link());
    }
  }
}
