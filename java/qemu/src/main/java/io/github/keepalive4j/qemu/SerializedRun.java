package io.github.keepalive4j.qemu;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** The runs of one action. They wait for one another, so two never act on the same state. */
final class SerializedRun {

  private final String name;
  private final Steps steps;
  private final Lock lock = new ReentrantLock();

  SerializedRun(String name, Steps steps) {
    this.name = name;
    this.steps = steps;
  }

  String name() {
    return name;
  }

  Takeover run(QmpExecutor qemu, Duration limit) throws TakeoverException, InterruptedException {
    Objects.requireNonNull(qemu, "qemu");
    long deadlineNs = System.nanoTime() + Arguments.duration("limit", limit).toNanos();
    if (!lock.tryLock(limit.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new TakeoverException(name, "another run of it is under way", limit, List.of(), null);
    }
    try {
      return steps.run(
          new TakeoverRun(name, qemu, Duration.ofNanos(deadlineNs - System.nanoTime())));
    } finally {
      lock.unlock();
    }
  }

  /** What an action does in one run. */
  interface Steps {
    Takeover run(TakeoverRun run) throws TakeoverException, InterruptedException;
  }
}
