package io.github.keepalive4j.soak.idle;

import io.github.keepalive4j.support.BusyLoops;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Keeps what the pairs measure apart from each other, and from the start of their JVMs, which would
 * take the processor from what is measured.
 */
final class Turns {
  private final ReadWriteLock lock = new ReentrantReadWriteLock(true);
  private final BusyLoops loops;

  Turns(BusyLoops loops) {
    this.loops = loops;
  }

  /** Starts processes. Others may do so at the same time. */
  <T> T start(Callable<T> start) throws Exception {
    return during(
        lock.readLock(),
        () -> {
          T started = start.call();
          loops.goFirst();
          return started;
        });
  }

  /** Measures. Nobody else measures or starts a process then. */
  <T> T measure(Callable<T> measurement) throws Exception {
    return during(lock.writeLock(), measurement);
  }

  private static <T> T during(Lock lock, Callable<T> call) throws Exception {
    lock.lockInterruptibly();
    try {
      return call.call();
    } finally {
      lock.unlock();
    }
  }
}
