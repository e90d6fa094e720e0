package io.github.keepalive4j.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.support.Eventually;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PollerThreadTest {
  private final AtomicReference<String> trouble = new AtomicReference<>();
  private final AtomicInteger steps = new AtomicInteger();
  private final Semaphore gate = new Semaphore(1);
  private volatile boolean interrupting; // the error handler leaves its thread interrupted
  private final List<String> reports = new CopyOnWriteArrayList<>();
  private final PollerThread thread =
      new PollerThread("poller-test", new NoPoller(), this::step, this::report);

  private void step() throws IOException {
    steps.incrementAndGet();
    gate.acquireUninterruptibly();
    gate.release();
    String text = trouble.get();
    if (text != null) {
      throw new IOException(text);
    }
    sleepMs(1);
  }

  private void report(Throwable error) {
    reports.add(error.getMessage());
    if (interrupting) {
      Thread.currentThread().interrupt();
    }
    throw new IllegalStateException("a logger that fails, too");
  }

  @AfterEach
  void close() throws Exception {
    thread.close();
  }

  @Test
  void aWaitThatKeepsFailingIsReportedOnce() throws Exception {
    trouble.set("first");
    thread.start();
    awaitSteps(4);
    trouble.set("second");
    awaitSteps(4);
    assertEquals(List.of("first", "second"), reports);
  }

  @Test
  void aWaitThatFailsAgainAfterItWorkedIsReportedAgain() throws Exception {
    trouble.set("again");
    thread.start();
    Eventually.await("a report", () -> reports.size() == 1);
    trouble.set(null);
    Eventually.await("it works", thread::isWorking);
    trouble.set("again");
    Eventually.await("a second report", () -> reports.size() == 2);
  }

  @Test
  void aThreadTellsWhetherItsWaitsWork() throws Exception {
    assertFalse(thread.isWorking(), "it hasn't started");
    thread.start();
    awaitSteps(2);
    assertTrue(thread.isWorking());
    trouble.set("each wait fails");
    Eventually.await("it doesn't work", () -> !thread.isWorking());
    awaitSteps(3);
    assertFalse(thread.isWorking());
    trouble.set(null);
    Eventually.await("it works again", thread::isWorking);
    thread.close();
    assertFalse(thread.isWorking(), "it has ended");
  }

  /** A step that takes long at first isn't taken for one that hangs. */
  @Test
  void aStepThatHangsIsNotWorking() throws Exception {
    thread.start();
    gate.acquireUninterruptibly();
    Eventually.await("a step that hangs", gate::hasQueuedThreads);
    long askedNs = System.nanoTime();
    assertTrue(thread.isWorking());
    Eventually.await("it hangs", () -> !thread.isWorking());
    assertTrue(System.nanoTime() - askedNs >= TimeUnit.SECONDS.toNanos(1));
    gate.release();
    Eventually.await("it works again", thread::isWorking);
  }

  /** What a callback on the thread leaves behind must not shorten the pause after an error. */
  @Test
  void anInterruptDoesNotMakeAWaitThatKeepsFailingSpin() throws Exception {
    interrupting = true;
    trouble.set("each wait fails");
    thread.start();
    awaitSteps(2);
    long startNs = System.nanoTime();
    int before = steps.get();
    sleepMs(500);
    int more = steps.get() - before;
    long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
    assertTrue(more <= tookMs / 100 + 1, more + " steps in " + tookMs + " ms");
  }

  private void awaitSteps(int more) throws Exception {
    int wanted = steps.get() + more;
    Eventually.await(more + " steps", () -> steps.get() >= wanted);
  }

  private static void sleepMs(long time) {
    try {
      TimeUnit.MILLISECONDS.sleep(time);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static final class NoPoller implements Poller {
    @Override
    public void watch(Link link, Object attachment, WatchSettings settings) {}

    @Override
    public void listen(Listener listener, Object attachment) {}

    @Override
    public LinkEvent unwatch(Link link, Object attachment) {
      return null;
    }

    @Override
    public void wake() {}

    @Override
    public int poll(int timeoutMs, Handler handler) {
      return 0;
    }

    @Override
    public void close() {}
  }
}
