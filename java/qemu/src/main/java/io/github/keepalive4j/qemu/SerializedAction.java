package io.github.keepalive4j.qemu;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** An action whose runs wait for one another, so two never act on the same state. */
abstract class SerializedAction implements FailoverAction {

  private final String name;
  private final Lock lock = new ReentrantLock();

  SerializedAction(String name) {
    this.name = name;
  }

  abstract Takeover run(TakeoverRun run) throws TakeoverException, InterruptedException;

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final Takeover run(QmpExecutor qemu, Duration limit)
      throws TakeoverException, InterruptedException {
    Objects.requireNonNull(qemu, "qemu");
    long deadlineNs = System.nanoTime() + Arguments.duration("limit", limit).toNanos();
    if (!lock.tryLock(limit.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new TakeoverException(name, "another run of it is under way", limit, List.of(), null);
    }
    try {
      return run(new TakeoverRun(name, qemu, Duration.ofNanos(deadlineNs - System.nanoTime())));
    } finally {
      lock.unlock();
    }
  }
}
