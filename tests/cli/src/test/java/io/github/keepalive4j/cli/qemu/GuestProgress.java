package io.github.keepalive4j.cli.qemu;

import io.github.keepalive4j.support.Background;
import io.github.keepalive4j.support.Eventually;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/** When a guest's count grew, seen to about a millisecond. */
final class GuestProgress implements AutoCloseable {
  private static final long STEP_NS = 1_000_000;

  private final List<Long> times = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  private GuestProgress() {
    times.add(System.nanoTime()); // nothing is known of the time before
  }

  static GuestProgress of(QemuMachine machine) {
    GuestProgress progress = new GuestProgress();
    Background.start(() -> progress.sample(machine));
    return progress;
  }

  private Void sample(QemuMachine machine) throws Exception {
    long last = -1;
    while (!closed) {
      long count = machine.count();
      if (count != last) {
        times.add(System.nanoTime());
        last = count;
      }
      LockSupport.parkNanos(STEP_NS);
    }
    return null;
  }

  /** Returns the last time before the given one at which the count grew. */
  long lastBefore(long timeNs) {
    return times.stream().filter(time -> time < timeNs).reduce((one, next) -> next).orElseThrow();
  }

  /** Waits until the count hasn't grown for that long. */
  void awaitStall(long ns) throws Exception {
    Eventually.await(
        "the guest stalls", () -> System.nanoTime() - times.get(times.size() - 1) > ns);
  }

  /** Waits until the count has grown after the given time, and returns when it first did. */
  long awaitFirstAfter(long timeNs) throws Exception {
    Eventually.await("the guest goes on", () -> times.get(times.size() - 1) > timeNs);
    return times.stream().filter(time -> time > timeNs).findFirst().orElseThrow();
  }

  @Override
  public void close() {
    closed = true;
  }
}
