package io.github.keepalive4j.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.LinkListener;
import io.github.keepalive4j.TransportLink;
import io.github.keepalive4j.Watch;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.LinkPair;
import io.github.keepalive4j.support.LogRecords;
import io.github.keepalive4j.support.Recorder;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Callbacks, listeners, executors and error handlers that throw, block or refuse. */
class CallbackTroubleTest extends MonitorTest {
  private static final long IDLE_MS = 300;

  private record Report(KeepaliveSocket link, Throwable error) {}

  private final BlockingQueue<Report> reports = new LinkedBlockingQueue<>();
  private final Recorder recorder = new Recorder();

  private KeepaliveMonitor.Builder reporting() {
    return KeepaliveMonitor.builder()
        .errorHandler((link, error) -> reports.add(new Report(link, error)));
  }

  @Test
  void whatACallbackThrowsReachesTheErrorHandlerAndNoOtherLink() throws Exception {
    for (Throwable thrown : List.of(new IllegalStateException("boom"), new StackOverflowError())) {
      for (Executor executor : List.<Executor>of(Runnable::run, task -> new Thread(task).start())) {
        try (KeepaliveMonitor monitor = reporting().executor(executor).open()) {
          assertOnlyReported(monitor, thrown);
        }
      }
    }
  }

  private void assertOnlyReported(KeepaliveMonitor monitor, Throwable thrown) throws Exception {
    LinkPair failing = source.connect();
    LinkPair other = source.connect();
    Recorder otherRecorder = new Recorder();
    monitor.watch(failing.link(), failure -> sneakyThrow(thrown));
    monitor.watch(other.link(), otherRecorder);
    failing.finish();
    Report report = reports.poll(10, TimeUnit.SECONDS);
    assertSame(failing.link(), report.link());
    assertSame(thrown, report.error());
    awaitClosed(failing.link());
    other.finish();
    otherRecorder.await("failover CLOSED");
    awaitClosed(other.link());
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void sneakyThrow(Throwable thrown) throws T {
    throw (T) thrown;
  }

  @Test
  void aListenerThatThrowsHearsTheRestAllTheSame() throws Exception {
    LinkListener throwing =
        new LinkListener() {
          @Override
          public void onUp(LinkUpdate update) {
            recorder.onUp(update);
            throw new IllegalStateException("up");
          }

          @Override
          public void onEnded(Watch.End end) {
            recorder.onEnded(end);
            throw new IllegalStateException("ended");
          }
        };
    try (KeepaliveMonitor monitor = reporting().open()) {
      LinkPair pair = source.connect();
      monitor.watch(pair.link(), recorder, throwing);
      recorder.await("up");
      pair.finish();
      awaitClosed(pair.link());
      assertEquals(List.of("up", "failover CLOSED", "failed CLOSED"), recorder.calls());
      assertEquals("up", reports.remove().error().getMessage());
      assertEquals("ended", reports.remove().error().getMessage());
    }
  }

  @Test
  void anErrorHandlerThatThrowsHarmsNoLink() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    try (LogRecords log = LogRecords.of(KeepaliveMonitor.class);
        KeepaliveMonitor monitor =
            KeepaliveMonitor.builder()
                .executor(Runnable::run)
                .errorHandler((link, error) -> sneakyThrow(error))
                .open()) {
      LinkPair[] pairs = new LinkPair[50];
      for (int i = 0; i < pairs.length; i++) {
        pairs[i] = source.connect();
        monitor.watch(
            pairs[i].link(),
            failure -> {
              calls.incrementAndGet();
              throw new AssertionError("boom");
            });
      }
      for (LinkPair pair : pairs) {
        pair.finish();
      }
      for (LinkPair pair : pairs) {
        awaitClosed(pair.link());
      }
      assertEquals(pairs.length, calls.get());
      assertTrue(log.messages().contains("the error handler failed too"));
    }
  }

  @Test
  void aSlowCallbackDoesNotHoldUpOtherLinks() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    try (KeepaliveMonitor monitor = KeepaliveMonitor.open()) {
      LinkPair slow = source.connect();
      LinkPair other = source.connect();
      CountDownLatch running = new CountDownLatch(1);
      monitor.watch(slow.link(), failure -> block(running, release));
      monitor.watch(other.link(), recorder);
      slow.finish();
      assertTrue(running.await(10, TimeUnit.SECONDS));
      other.finish();
      recorder.await("failover CLOSED");
      awaitClosed(other.link());
      assertTrue(slow.link().isOpen());
      release.countDown();
      awaitClosed(slow.link());
    }
  }

  @Test
  void aSlowListenerHoldsUpNoFailoverAndHearsTheEndInItsTurn() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch running = new CountDownLatch(1);
    LinkListener slow =
        new LinkListener() {
          @Override
          public void onUp(LinkUpdate update) {
            block(running, release);
            recorder.onUp(update);
          }

          @Override
          public void onEnded(Watch.End end) {
            recorder.onEnded(end);
          }
        };
    try (KeepaliveMonitor monitor = KeepaliveMonitor.open()) {
      LinkPair pair = source.connect();
      monitor.watch(pair.link(), recorder, slow);
      assertTrue(running.await(10, TimeUnit.SECONDS));
      pair.finish();
      recorder.await("failover CLOSED");
      LinkPair other = source.connect();
      Recorder otherRecorder = new Recorder();
      monitor.watch(other.link(), otherRecorder);
      other.finish();
      otherRecorder.await("failover CLOSED");
      assertEquals(List.of("failover CLOSED"), recorder.calls());
      assertTrue(pair.link().isOpen());
      release.countDown();
      awaitClosed(pair.link());
      assertEquals(List.of("failover CLOSED", "up", "failed CLOSED"), recorder.calls());
      awaitClosed(other.link());
    }
  }

  @Test
  void theEndIsHeardThoughTheLinkIsClosedDuringASlowCall() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch running = new CountDownLatch(1);
    LinkListener slow =
        new LinkListener() {
          @Override
          public void onUp(LinkUpdate update) {
            block(running, release);
          }

          @Override
          public void onEnded(Watch.End end) {
            recorder.onEnded(end);
          }
        };
    try (KeepaliveMonitor monitor = KeepaliveMonitor.open()) {
      LinkPair pair = source.connect();
      Watch watch = monitor.watch(pair.link(), recorder, slow);
      assertTrue(running.await(10, TimeUnit.SECONDS));
      pair.finish();
      watch.ended().toCompletableFuture().get(10, TimeUnit.SECONDS);
      pair.link().close();
      release.countDown();
      recorder.await("failed CLOSED");
    }
  }

  @Test
  void aVerdictWhoseCallbackIsCancelledStaysWithTheOwner() throws Exception {
    BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    try (KeepaliveMonitor monitor = KeepaliveMonitor.builder().executor(tasks::add).open()) {
      LinkPair pair = source.connect();
      monitor.watch(pair.link(), recorder);
      pair.reset();
      Runnable task = tasks.poll(10, TimeUnit.SECONDS);
      assertTrue(monitor.unwatch(pair.link()));
      task.run();
      assertEquals(List.of(), recorder.calls());
      assertEquals(FailureCause.RESET, pair.link().classify().orElseThrow().cause());
      pair.close();
    }
  }

  private static void block(CountDownLatch running, CountDownLatch release) {
    running.countDown();
    try {
      assertTrue(release.await(10, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anExecutorThatRefusesDoesNotCostTheFailover() throws Exception {
    for (Throwable refusal :
        List.of(
            new RejectedExecutionException("full"),
            new IllegalStateException("broken"),
            new NoClassDefFoundError("undeployed"),
            new OutOfMemoryError("no thread"))) {
      Executor refusing = task -> sneakyThrow(refusal);
      Recorder all = new Recorder();
      try (LogRecords log = LogRecords.of(KeepaliveMonitor.class);
          KeepaliveMonitor monitor = reporting().executor(refusing).open()) {
        LinkPair pair = source.connect();
        monitor.watch(pair.link(), all, all);
        pair.finish();
        awaitClosed(pair.link());
        assertEquals(List.of("up", "failover CLOSED", "failed CLOSED"), all.calls());
        Eventually.await("a line", () -> !log.messages().isEmpty());
        assertTrue(log.messages().get(0).startsWith("the executor refused"));
      }
    }
    assertNull(reports.poll());
  }

  @Test
  void anExecutorThatTakesATaskAndThrowsRunsItOnce() throws Exception {
    BlockingQueue<Runnable> taken = new LinkedBlockingQueue<>();
    Executor undecided =
        task -> {
          taken.add(task);
          throw new RejectedExecutionException("after all");
        };
    Recorder all = new Recorder();
    try (LogRecords log = LogRecords.of(KeepaliveMonitor.class);
        KeepaliveMonitor monitor = reporting().executor(undecided).open()) {
      LinkPair pair = source.connect();
      monitor.watch(pair.link(), all, all);
      taken.remove().run();
      pair.finish();
      awaitClosed(pair.link());
      taken.forEach(Runnable::run);
      assertEquals(List.of("up", "failover CLOSED", "failed CLOSED"), all.calls());
      Eventually.await("a line", () -> !log.messages().isEmpty());
      assertTrue(log.messages().get(0).startsWith("the executor refused"));
    }
  }

  /** Closing calls off what is queued, so an executor that is shut down by then is no trouble. */
  @Test
  void aLinkClosedWithCallsQueuedTroublesNoExecutor() throws Exception {
    for (boolean own : new boolean[] {true, false}) {
      ExecutorService threads = Executors.newCachedThreadPool();
      CountDownLatch running = new CountDownLatch(1);
      CountDownLatch release = new CountDownLatch(1);
      LinkListener slow =
          new LinkListener() {
            @Override
            public void onUp(LinkUpdate update) {
              block(running, release);
            }
          };
      KeepaliveMonitor.Builder builder = reporting();
      try (LogRecords log = LogRecords.of(KeepaliveMonitor.class)) {
        KeepaliveMonitor monitor = own ? builder.open() : builder.executor(threads).open();
        LinkPair pair = source.connect();
        Watch watch = monitor.watch(pair.link(), recorder, slow);
        assertTrue(running.await(10, TimeUnit.SECONDS));
        pair.send('G');
        Eventually.await("the goodbye is queued", () -> isQueued(pair.link()));
        monitor.close();
        threads.shutdown();
        release.countDown();
        assertTrue(threads.awaitTermination(10, TimeUnit.SECONDS));
        awaitNoCallbackThread();
        assertEquals(
            Watch.End.Kind.CANCELLED,
            watch.ended().toCompletableFuture().get(10, TimeUnit.SECONDS).kind());
        assertEquals(List.of(), log.messages());
        pair.close();
      }
    }
  }

  /** The monitor keeps the verdict before it brings it to the executor. */
  private static boolean isQueued(KeepaliveSocket link) {
    return TransportLink.hasVerdict(link);
  }

  private static void awaitNoCallbackThread() throws Exception {
    Eventually.await(
        "no callback thread",
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().contains("-callback-")));
  }

  @Test
  void aCallbackThatLeavesItsThreadInterruptedDoesNotMakeTheMonitorSpin() throws Exception {
    try (KeepaliveMonitor monitor = reporting().executor(Runnable::run).open()) {
      AtomicReference<Thread> thread = new AtomicReference<>();
      LinkPair pair = source.connect();
      monitor.watch(
          pair.link(),
          failover -> {
            thread.set(Thread.currentThread());
            Thread.currentThread().interrupt();
          });
      pair.finish();
      awaitClosed(pair.link());
      ThreadMXBean threads = ManagementFactory.getThreadMXBean();
      long id = thread.get().getId();
      long beforeNs = threads.getThreadCpuTime(id);
      Thread.sleep(IDLE_MS);
      long usedMs = TimeUnit.NANOSECONDS.toMillis(threads.getThreadCpuTime(id) - beforeNs);
      assertTrue(usedMs < IDLE_MS / 5, usedMs + " ms of CPU time in " + IDLE_MS + " ms");
    }
  }

  @Test
  void runnableRunCallsBackOnTheMonitorsThread() throws Exception {
    BlockingQueue<String> threads = new LinkedBlockingQueue<>();
    try (KeepaliveMonitor monitor = KeepaliveMonitor.builder().executor(Runnable::run).open()) {
      LinkPair pair = source.connect();
      monitor.watch(pair.link(), failure -> threads.add(Thread.currentThread().getName()));
      pair.finish();
      String name = threads.poll(10, TimeUnit.SECONDS);
      assertTrue(name.matches("keepalive-monitor-\\d+"), name);
      awaitClosed(pair.link());
    }
  }
}
