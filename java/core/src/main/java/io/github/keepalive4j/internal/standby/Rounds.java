package io.github.keepalive4j.internal.standby;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.Failover;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.Watch;
import io.github.keepalive4j.internal.guard.GuardSetting;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The thread of a standby: connects, watches, waits, and begins anew. While it watches or waits it
 * runs what others post to it.
 */
public final class Rounds {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final Callable<InetSocketAddress> source;
  private final KeepaliveOptions options;
  private final Duration connectTimeout;
  private final Backoff backoff;
  private final Steps steps;
  private final Thread thread;
  private final BlockingQueue<Runnable> posted = new LinkedBlockingQueue<>();
  private volatile boolean closed;
  private Claim claim; // on the thread only: of the takeover before; null for none
  private KeepaliveSocket link; // guarded by this; null while there is none
  private Watch watch; // guarded by this; null while there is none
  private boolean resolving; // guarded by this

  /** What a standby does in a round, and what it hears of it. All on the thread of the rounds. */
  public interface Steps {
    /** A round begins. Returns whether it may. */
    boolean connecting();

    /** Arms the guard, before the link is connected. */
    GuardSetting arm();

    Begun watch(KeepaliveSocket link, GuardSetting armed) throws IOException;

    /** The source couldn't be watched. Returns whether another round follows. */
    boolean failed(Throwable error);

    /** A watch has ended. Returns whether another round follows. */
    boolean ended(Watch.End end);
  }

  /** A watch, and its end once the standby's state shows it. */
  public record Begun(Watch watch, CompletionStage<Watch.End> end) {}

  /** Makes the thread, without starting it. */
  public Rounds(
      Callable<InetSocketAddress> source,
      KeepaliveOptions options,
      Duration connectTimeout,
      Backoff backoff,
      Steps steps) {
    this.source = source;
    this.options = options;
    this.connectTimeout = connectTimeout;
    this.backoff = backoff;
    this.steps = steps;
    thread = new Thread(this::run, "keepalive-standby-" + COUNT.incrementAndGet());
    thread.setDaemon(true); // an address may never come; the monitor keeps the JVM alive
  }

  public void start() {
    thread.start();
  }

  /** Has the thread run a task, after those that were posted before. */
  public void post(Runnable task) {
    posted.add(task);
  }

  /** Ends what is under way without waiting for it. No callback of the link begins after that. */
  public void close() {
    closed = true;
    KeepaliveSocket last;
    Watch lastWatch;
    synchronized (this) {
      last = link;
      lastWatch = watch;
      if (resolving) {
        thread.interrupt();
      }
    }
    if (lastWatch != null) {
      lastWatch.close(); // it may have a fresh link by now
    }
    if (last != null) {
      last.close();
    }
    post(() -> {});
  }

  private void run() {
    while (!closed && round()) {
      pause(backoff.next());
    }
    runPosted();
  }

  /** Connects and watches once. Returns whether another round follows. */
  private boolean round() {
    if (!steps.connecting()) {
      return false;
    }
    runPosted();
    Watch.End end;
    GuardSetting armed = GuardSetting.NONE;
    try {
      armed = steps.arm();
      connect();
      long connectedNs = System.nanoTime();
      releaseClaim();
      end = awaitEnd(begun(steps.watch(link(), armed)));
      backoff.linkLived(Duration.ofNanos(System.nanoTime() - connectedNs));
    } catch (Throwable e) { // whatever it is, the next attempt may succeed
      return !closed && steps.failed(e);
    } finally {
      dropLink();
      armed.disarm();
    }
    if (closed || !steps.ended(end)) {
      return false;
    }
    claim = end.failover().flatMap(Failover::claim).orElse(null);
    return true;
  }

  /** There is a source again. */
  private void releaseClaim() {
    if (claim != null) {
      claim.release();
      claim = null;
    }
  }

  private void connect() throws IOException {
    InetSocketAddress address = resolve();
    KeepaliveSocket fresh = KeepaliveSocket.open(options);
    synchronized (this) {
      link = fresh;
    }
    requireOpen(); // the one who closed may not have seen the link
    fresh.connectTo(address, connectTimeout);
  }

  private InetSocketAddress resolve() throws IOException {
    synchronized (this) {
      resolving = true;
    }
    try {
      requireOpen();
      return Objects.requireNonNull(source.call(), "the address is null");
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("the source's address isn't known: " + e, e);
    } finally {
      synchronized (this) {
        resolving = false;
        boolean unused = Thread.interrupted(); // it was for the resolver, or is left behind by it
      }
    }
  }

  private void requireOpen() throws AsynchronousCloseException {
    if (closed) {
      throw new AsynchronousCloseException();
    }
  }

  private synchronized KeepaliveSocket link() {
    return link;
  }

  private void dropLink() {
    KeepaliveSocket last;
    synchronized (this) {
      last = link;
      link = null;
      watch = null;
    }
    if (last != null) {
      last.close();
    }
  }

  private CompletionStage<Watch.End> begun(Begun begun) {
    synchronized (this) {
      watch = begun.watch();
    }
    if (closed) { // the one who closed may not have seen the watch
      begun.watch().close();
    }
    return begun.end();
  }

  /** Returns the watch's end, or null if this was closed before. */
  private Watch.End awaitEnd(CompletionStage<Watch.End> ended) {
    CompletableFuture<Watch.End> end = ended.toCompletableFuture();
    CompletableFuture<Void> unused = end.thenRun(() -> post(() -> {}));
    while (!end.isDone() && !closed) {
      runNext(Long.MAX_VALUE);
    }
    runPosted();
    return end.getNow(null);
  }

  private void pause(Duration time) {
    long startNs = System.nanoTime();
    long leftNs = time.toNanos();
    while (leftNs > 0 && !closed) {
      runNext(leftNs);
      leftNs = time.toNanos() - (System.nanoTime() - startNs);
    }
  }

  private void runNext(long limitNs) {
    try {
      Runnable next = posted.poll(limitNs, TimeUnit.NANOSECONDS);
      if (next != null) {
        run(next);
      }
    } catch (InterruptedException e) {
      // left behind by a listener, without meaning here
    }
  }

  private void runPosted() {
    Runnable next = posted.poll();
    while (next != null) {
      run(next);
      next = posted.poll();
    }
  }

  private static void run(Runnable task) {
    try {
      task.run();
    } catch (Throwable e) { // a logger that fails must not cost the protection
      return;
    }
  }
}
