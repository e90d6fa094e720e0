package io.github.keepalive4j.bench.subject;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The time at which each slot's failure was known, in memory outside the heap, so that C can write
 * it.
 */
public final class Stamps implements FailureSink {
  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  /** The thread that awaits a stamp sleeps: a spinning one would take a core from a subject. */
  private static final long POLL_NS = TimeUnit.MICROSECONDS.toNanos(50);

  private final int capacity;
  private final ByteBuffer times;

  public Stamps(int capacity) {
    this.capacity = capacity;
    times = ByteBuffer.allocateDirect(capacity * Long.BYTES).order(ByteOrder.nativeOrder());
  }

  @Override
  public void failed(int slot) {
    long now = System.nanoTime();
    LONG.setRelease(times, slot * Long.BYTES, now);
  }

  /** Returns a slot's time on {@link System#nanoTime()}'s clock, or 0 if it hasn't failed. */
  public long get(int slot) {
    return (long) LONG.getAcquire(times, slot * Long.BYTES);
  }

  public int capacity() {
    return capacity;
  }

  /** Clears all slots' failures. */
  public void clear() {
    for (int slot = 0; slot < capacity; slot++) {
      LONG.setRelease(times, slot * Long.BYTES, 0L);
    }
  }

  /**
   * Waits until the first {@code count} slots have failed.
   *
   * @throws IOException if they have not within the time: a failure that was never reported must be
   *     an error
   */
  public void awaitAll(int count, Duration timeout) throws IOException {
    long deadline = System.nanoTime() + timeout.toNanos();
    for (int slot = 0; slot < count; slot++) {
      await(slot, Duration.ofNanos(deadline - System.nanoTime()));
    }
  }

  /**
   * Waits until a slot has failed.
   *
   * @throws IOException as {@link #awaitAll}
   */
  public void await(int slot, Duration timeout) throws IOException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (get(slot) == 0) {
      if (System.nanoTime() - deadline > 0) {
        throw new IOException("slot " + slot + " not reported within " + timeout);
      }
      LockSupport.parkNanos(POLL_NS);
    }
  }

  /**
   * Waits as {@link #await}, but sees the stamp within a fraction of 1 µs: the calling thread
   * spins, on a core that no subject runs on.
   *
   * @throws IOException as {@link #awaitAll}
   */
  public void spin(int slot, Duration timeout) throws IOException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (get(slot) == 0) {
      if (System.nanoTime() - deadline > 0) {
        throw new IOException("slot " + slot + " not reported within " + timeout);
      }
      Thread.onSpinWait();
    }
  }

  /** Returns the earliest of the first {@code count} slots' times. */
  public long first(int count) {
    long first = Long.MAX_VALUE;
    for (int slot = 0; slot < count; slot++) {
      first = Math.min(first, get(slot));
    }
    return first;
  }

  /** Returns the latest of the first {@code count} slots' times. */
  public long last(int count) {
    long last = Long.MIN_VALUE;
    for (int slot = 0; slot < count; slot++) {
      last = Math.max(last, get(slot));
    }
    return last;
  }

  long address() {
    return Pointer.nativeValue(Native.getDirectBufferPointer(times));
  }
}
