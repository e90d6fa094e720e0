package io.github.keepalive4j;

import com.sun.management.ThreadMXBean;
import io.github.keepalive4j.internal.callback.Observers;
import io.github.keepalive4j.internal.jfr.Flight;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.FailingSource;
import io.github.keepalive4j.support.LinkPair;
import java.lang.management.ManagementFactory;
import java.util.List;

/** Tells in a process of its own what observing costs where nobody observes. */
final class ObserversProgram {
  private static final int ROUNDS = 10_000;

  private ObserversProgram() {}

  public static void main(String[] args) throws Exception {
    System.out.println(allocatedBytes() + " bytes, recorder " + (Flight.isOn() ? "on" : "off"));
  }

  /** Returns what a link's life allocates beside the life itself. */
  static long allocatedBytes() throws Exception {
    try (FailingSource source = new FailingSource();
        LinkPair pair = source.connect()) {
      pair.reset();
      Failure failure = pair.link().awaitFailure(Eventually.DEADLINE).orElseThrow();
      Observers observers = new Observers(null, (link, error) -> {});
      observe(observers, failure); // classes are loaded, call sites linked
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      threads.getCurrentThreadAllocatedBytes();
      long before = threads.getCurrentThreadAllocatedBytes();
      observe(observers, failure);
      return threads.getCurrentThreadAllocatedBytes() - before;
    }
  }

  private static void observe(Observers observers, Failure failure) throws Exception {
    FailoverCallback callback = ignored -> {};
    LinkListener.LinkUpdate update = new LinkListener.LinkUpdate(failure.link(), 1);
    Failover failover = new Failover(List.of(failure), null);
    Watch.End end = Watch.End.without(Watch.End.Kind.DECLINED, List.of(failure), "");
    for (int i = 0; i < ROUNDS; i++) {
      observers.watched(update);
      observers.suspect(update);
      observers.recovered(update);
      observers.verdict(failure);
      observers.callBack(callback, failover);
      observers.ended(failure.link(), end);
      observers.unwatched(update);
    }
  }
}
