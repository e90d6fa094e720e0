package io.github.keepalive4j;

import io.github.keepalive4j.internal.callback.CallbackThreads;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.FailingSource;
import io.github.keepalive4j.support.LinkPair;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Has callbacks to run while the JVM can start no thread. */
final class ThreadShortageProgram {
  /** The property that says what it does. */
  static final String WHAT = "shortage.what";

  static final int LINKS = 20;

  /** What it does. */
  enum What {
    SHORT_FOR_A_WHILE,
    SHORT_FOR_EVER,
    LINKS_FAIL
  }

  private static final long LIMIT_S = 20;

  private final CountDownLatch threadsAgain = new CountDownLatch(1);
  private final CountDownLatch never = new CountDownLatch(1);
  private final List<Thread> fillers = new ArrayList<>();
  private final Semaphore calledForHelp = new Semaphore(0);
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

  private ThreadShortageProgram() {}

  public static void main(String[] args) throws Exception {
    ThreadShortageProgram program = new ThreadShortageProgram();
    switch (What.valueOf(System.getProperty(WHAT))) {
      case SHORT_FOR_A_WHILE -> program.runPool(true);
      case SHORT_FOR_EVER -> program.runPool(false);
      case LINKS_FAIL -> program.failLinks();
    }
    Runtime.getRuntime().halt(0);
  }

  /** Three tasks for the one idle thread, of which the first never returns. */
  private void runPool(boolean forAWhile) throws Exception {
    CallbackThreads pool =
        new CallbackThreads("pool", calledForHelp::release, Runnable::run, work -> work);
    pool.execute(() -> {});
    Eventually.await("an idle thread", () -> isIdle("pool-1"));
    exhaust();
    synchronized (pool) { // so the idle thread comes when all are queued
      pool.execute(this::block);
      pool.execute(() -> tell("second"));
      pool.execute(() -> tell("third"));
    }
    System.out.println("called for help: " + calledForHelp.tryAcquire(LIMIT_S, TimeUnit.SECONDS));
    pool.relieve();
    System.out.println("stranded: " + pool.isStranded() + ", told " + told);
    if (forAWhile) {
      release();
    }
    Eventually.await("the rest", () -> isRelieved(pool));
    System.out.println(new TreeSet<>(told));
  }

  private boolean isRelieved(CallbackThreads pool) {
    pool.relieve();
    return told.size() == 2 && !pool.isStranded();
  }

  private void tell(String task) {
    boolean here = Thread.currentThread().getName().equals("main");
    told.add(task + (here ? " as overdue" : " on a thread of its own"));
  }

  private void block() {
    try {
      never.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isIdle(String thread) {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(
            each ->
                each.getName().contains(thread) && each.getState() == Thread.State.TIMED_WAITING);
  }

  private void exhaust() {
    try {
      while (true) {
        Thread filler = new Thread(this::fill);
        filler.setDaemon(true);
        filler.start();
        fillers.add(filler);
      }
    } catch (OutOfMemoryError e) {
      System.out.println("no more threads: " + !fillers.isEmpty());
    }
  }

  private void fill() {
    try {
      threadsAgain.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void release() throws InterruptedException {
    threadsAgain.countDown();
    for (Thread filler : fillers) {
      filler.join();
    }
  }

  /** One idle callback thread, whose callback never returns, and the monitor's own. */
  private void failLinks() throws Exception {
    try (FailingSource source = new FailingSource()) {
      KeepaliveMonitor monitor = KeepaliveMonitor.open();
      CountDownLatch busy = new CountDownLatch(1);
      CountDownLatch goOn = new CountDownLatch(1);
      CountDownLatch workersTurn = new CountDownLatch(1);
      LinkPair onWorker = source.connect();
      LinkPair onMonitor = source.connect();
      monitor.watch(onWorker.link(), failover -> workersTurn.await());
      monitor.watch(
          onMonitor.link(),
          failover -> {
            busy.countDown();
            goOn.await();
          });
      List<LinkPair> pairs = new ArrayList<>();
      for (int i = 0; i < LINKS; i++) {
        LinkPair pair = source.connect();
        pairs.add(pair);
        monitor.watch(pair.link(), failover -> blockOnAWorker());
      }
      onWorker.reset();
      Eventually.await("a worker", () -> isIn("-callback-", Thread.State.WAITING));
      exhaust();
      onMonitor.reset();
      busy.await();
      workersTurn.countDown();
      Eventually.await("an idle worker", () -> isIdle("-callback-"));
      for (LinkPair pair : pairs) {
        pair.reset();
      }
      goOn.countDown();
      Eventually.await("all callbacks", () -> told.size() == LINKS);
      System.out.println("all called");
    }
  }

  private static boolean isIn(String thread, Thread.State state) {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(each -> each.getName().contains(thread) && each.getState() == state);
  }

  private void blockOnAWorker() {
    String thread = Thread.currentThread().getName();
    told.add(thread);
    if (thread.contains("-callback-")) {
      block();
    }
  }
}
