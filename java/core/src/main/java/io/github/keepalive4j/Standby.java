package io.github.keepalive4j;

import io.github.keepalive4j.internal.Millis;
import io.github.keepalive4j.internal.guard.GuardSetting;
import io.github.keepalive4j.internal.standby.Arming;
import io.github.keepalive4j.internal.standby.Backoff;
import io.github.keepalive4j.internal.standby.FirstAttempt;
import io.github.keepalive4j.internal.standby.Progress;
import io.github.keepalive4j.internal.standby.RearmRule;
import io.github.keepalive4j.internal.standby.Rounds;
import io.github.keepalive4j.internal.standby.StandbyLog;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A backup that keeps itself armed. It connects to a source, also to one that isn't there yet, and
 * watches it. When the watch ends without a takeover, it connects again.
 *
 * <p>It asks for the source's address before each attempt. After a failed attempt, and after each
 * link, it waits: see {@link Builder#reconnect}.
 *
 * <p>Thread-safe. It resolves, connects and waits on a thread of its own. The JVM lives as long as
 * its monitor is open.
 */
public final class Standby implements AutoCloseable {
  /** What a standby is doing. More values may be added. */
  public enum State {
    /** It resolves the source's address, or connects. */
    CONNECTING,
    /** It waits before the next attempt. */
    WAITING,
    /** It watches the source. While a guard is asked or the source tried again, it stays so. */
    ARMED,
    /** It watches the source, and probes have gone unanswered. */
    SUSPECT,
    /** The failover callback runs. */
    TAKING_OVER,
    /** The failover callback has returned. */
    TAKEN_OVER,
    /** The failover callback threw. */
    TAKEOVER_FAILED,
    /** The watch ended without a takeover, and {@link Builder#rearmIf} said no. */
    ENDED,
    /** It was closed, or the monitor that it was given was. */
    CLOSED
  }

  /**
   * Hears what a standby does, and what happens on its links. The methods of {@link LinkListener}
   * are called as described there. No method begins after {@link Standby#close()} has returned.
   */
  public interface Listener extends LinkListener {
    /**
     * The state has changed. Called on the standby's own thread, one call after the other. A call
     * that takes long delays the next attempt to connect, never a failover. {@link State#CLOSED} is
     * told on the thread that closes, and may overtake a call under way. What it throws is logged.
     */
    default void onStateChanged(StateChange change) {}
  }

  /** A change of a standby's state. Immutable. */
  public static final class StateChange {
    private final State previous;
    private final State state;
    private final @Nullable Throwable cause; // null for none

    /** Makes a change. A standby does; a test of a listener may, without a cause as well. */
    public StateChange(State previous, State state, @Nullable Throwable cause) {
      this.previous = Objects.requireNonNull(previous, "previous");
      this.state = Objects.requireNonNull(state, "state");
      this.cause = cause;
    }

    /** Returns the state before the change. */
    public State previous() {
      return previous;
    }

    /** Returns the new state. */
    public State state() {
      return state;
    }

    /**
     * Returns why an attempt to connect failed, or what the failover callback threw.
     *
     * @return the exception or error, for {@link State#TAKEOVER_FAILED}, and after a failed attempt
     *     for {@link State#WAITING} and {@link State#CLOSED}; otherwise empty
     */
    public Optional<Throwable> cause() {
      return Optional.ofNullable(cause);
    }

    @Override
    public String toString() {
      return previous + " -> " + state + (cause == null ? "" : ": " + cause);
    }
  }

  private final FailoverCallback callback;
  private final Listener listener;
  private final RearmRule rearmIf;
  private final KeepaliveMonitor monitor;
  private final boolean ownsMonitor;
  private final FirstAttempt first;
  private final Rounds rounds;
  private final Progress progress;
  private final CompletableFuture<Watch.End> ended = new CompletableFuture<>();

  private Standby(Builder builder, KeepaliveMonitor monitor, boolean firstMustSucceed) {
    callback = builder.callback;
    listener = builder.listener == null ? new StandbyLog() : builder.listener;
    rearmIf = builder.rearmIf;
    this.monitor = monitor;
    ownsMonitor = builder.monitor == null;
    first = new FirstAttempt(firstMustSucceed);
    rounds =
        new Rounds(
            builder.source,
            builder.options,
            builder.connectTimeout,
            new Backoff(builder.from, builder.to),
            new Steps());
    progress = new Progress(listener, rounds::post);
  }

  /**
   * Returns a builder.
   *
   * @param source returns the source's address; called before each attempt on the standby's thread,
   *     so that {@code () -> new InetSocketAddress("db1", 7000)} resolves the name anew. What it
   *     throws makes the attempt fail. {@link #close()} interrupts it.
   */
  public static Builder builder(Callable<InetSocketAddress> source) {
    return new Builder(Objects.requireNonNull(source, "source"));
  }

  /** Returns what the standby is doing. */
  public State state() {
    return progress.state();
  }

  /**
   * Returns how the standby's work ended, as it will be known: the end of the watch after which it
   * doesn't arm again, or {@link Watch.End.Kind#CANCELLED} if it was closed before. By then {@link
   * Listener#onStateChanged} has been told of the last change.
   *
   * @return a stage that is completed once, never exceptionally, on the standby's thread or the one
   *     that closes
   */
  public CompletionStage<Watch.End> ended() {
    return ended.minimalCompletionStage();
  }

  /**
   * Ends everything: an attempt to connect, a wait, the link and its watch. Neither the failover
   * callback nor a listener begins after this has returned; one that has begun may still be
   * running. May be called on any thread, also from within them. Does nothing if it is closed. A
   * monitor that the standby was given stays open. A claim stays its holder's.
   */
  @Override
  public void close() {
    close(null);
  }

  private void close(@Nullable Throwable cause) {
    StateChange change = progress.close(cause);
    rounds.close();
    if (ownsMonitor) {
      monitor.close();
    }
    if (change != null) {
      progress.tell(change);
    }
    ended.complete(Watch.End.without(Watch.End.Kind.CANCELLED, List.of(), null));
    first.failed(cause == null ? new AsynchronousCloseException() : cause);
  }

  @Override
  public String toString() {
    return "Standby[" + state() + "]";
  }

  /** The rounds' half: all on the standby's thread. */
  private final class Steps implements Rounds.Steps {
    @Override
    public boolean connecting() {
      return enter(State.CONNECTING, null);
    }

    @Override
    public GuardSetting arm() {
      return monitor.arm();
    }

    @Override
    public Rounds.Begun watch(KeepaliveSocket link, GuardSetting armed) throws IOException {
      Arming arming = new Arming(progress, callback, listener);
      Watch watch = monitor.watch(new LinkGroup(monitor, link, arming, arming, armed));
      arming.begun();
      first.succeeded();
      return new Rounds.Begun(watch, watch.ended().thenApply(arming::conclude));
    }

    @Override
    public boolean failed(Throwable error) {
      if (first.isDecisive()) {
        close(error);
        return false;
      }
      return enter(State.WAITING, error);
    }

    @Override
    public boolean ended(Watch.End end) {
      if (rearmIf.allows(end)) {
        return enter(State.WAITING, null);
      }
      if (!RearmRule.isTakeover(end)) {
        progress.change(State.ENDED, null);
      }
      rounds.post(() -> ended.complete(end));
      return false;
    }

    private boolean enter(State next, @Nullable Throwable cause) {
      if (!monitor.links().isOpen()) {
        close();
        return false;
      }
      progress.change(next, cause);
      return true;
    }
  }

  /** Collects what a standby is made with. Not thread-safe. */
  public static final class Builder {
    private final Callable<InetSocketAddress> source;
    private KeepaliveOptions options = KeepaliveOptions.defaults();
    private Duration connectTimeout = Duration.ofSeconds(5);
    private Duration from = Duration.ofMillis(100);
    private Duration to = Duration.ofSeconds(5);
    private @Nullable FailoverCallback callback; // null until set
    private @Nullable Listener listener; // null for the log
    private RearmRule rearmIf = RearmRule.DEFAULT;
    private @Nullable KeepaliveMonitor monitor; // null for one of the standby's own

    private Builder(Callable<InetSocketAddress> source) {
      this.source = source;
    }

    /** Sets how the links are probed. By default {@link KeepaliveOptions#defaults()}. */
    public Builder options(KeepaliveOptions options) {
      this.options = Objects.requireNonNull(options, "options");
      return this;
    }

    /**
     * Sets how long an attempt to connect may take. By default 5 s.
     *
     * @param timeout 1 ms to 2147483647 ms, without the time that the address takes
     * @throws IllegalArgumentException if {@code timeout} is outside that range
     */
    public Builder connectTimeout(Duration timeout) {
      connectTimeout = Duration.ofMillis(Millis.of("timeout", timeout, 1));
      return this;
    }

    /**
     * Sets how long to wait before an attempt. By default 100 ms to 5 s. The waits double from the
     * shortest to the longest, each with up to as much again by chance, so that backups don't retry
     * in step. They start over once a link has lived for longer than the longest wait.
     *
     * @param from the shortest wait, 1 ms to 1 day
     * @param to the longest wait, {@code from} to 1 day
     * @throws IllegalArgumentException if a wait is outside its range
     */
    public Builder reconnect(Duration from, Duration to) {
      Backoff unused = new Backoff(from, to); // checks
      this.from = from;
      this.to = to;
      return this;
    }

    /**
     * Sets what takes over. There is no default.
     *
     * @param callback called at most once for each link, on the monitor's executor
     */
    public Builder onFailover(FailoverCallback callback) {
      this.callback = Objects.requireNonNull(callback, "callback");
      return this;
    }

    /**
     * Sets who hears what happens. By default trouble is logged as a warning: why the source can't
     * be watched, once while the reason stays the same, and each end without a takeover.
     */
    public Builder listener(Listener listener) {
      this.listener = Objects.requireNonNull(listener, "listener");
      return this;
    }

    /**
     * Sets after which ends of a watch it connects again. By default after all but a takeover, also
     * one whose callback threw. If it says no, the standby watches nothing any more and stays as it
     * is until it is closed.
     *
     * <p>Where it connects again after a takeover, the claim is released once the link is
     * connected, because there is a source again.
     *
     * @param condition asked on the standby's thread, once a watch; if it throws, that is logged,
     *     and the default answers
     */
    public Builder rearmIf(Predicate<Watch.End> condition) {
      rearmIf = new RearmRule(Objects.requireNonNull(condition, "condition"));
      return this;
    }

    /**
     * Sets the monitor, which has the guard, the journal and the executor. By default the standby
     * has one of its own, without a guard. Several standbys may share one.
     *
     * @param monitor stays its owner's: the standby doesn't close it. Once the monitor is closed,
     *     the standby closes itself, after a wait or an attempt that is under way
     */
    public Builder monitor(KeepaliveMonitor monitor) {
      this.monitor = Objects.requireNonNull(monitor, "monitor");
      return this;
    }

    /**
     * Opens the standby, which begins to connect, and doesn't wait for that.
     *
     * @return a running standby
     * @throws IllegalStateException if there is no failover callback, or the monitor is closed
     * @throws UnsupportedOperationException if the transport in use can't honour an option, which
     *     the message names
     * @throws IOException if the kernel refuses the descriptors that a monitor takes
     * @throws OutOfMemoryError if it refuses a thread; nothing stays open
     */
    public Standby open() throws IOException {
      return start(false);
    }

    /**
     * Opens the standby and waits until it is armed. If the first attempt to connect fails, the
     * standby is closed, and its failure is thrown.
     *
     * @return a standby that watches the source
     * @throws IllegalStateException as {@link #open()}
     * @throws UnsupportedOperationException as {@link #open()}
     * @throws InterruptedException if the thread is interrupted; the standby is closed
     * @throws IOException as {@link KeepaliveSocket#connectTo}, or as the source's address threw
     *     it. Another exception, or a null address, is its cause. An {@link Error} passes
     */
    public Standby connect() throws IOException, InterruptedException {
      Standby standby = start(true);
      try {
        standby.first.await();
        return standby;
      } catch (InterruptedException e) {
        standby.close();
        throw e;
      }
    }

    private Standby start(boolean firstMustSucceed) throws IOException {
      if (callback == null) {
        throw new IllegalStateException("onFailover isn't set");
      }
      if (monitor != null && !monitor.links().isOpen()) {
        throw new IllegalStateException("the monitor is closed");
      }
      KeepaliveSocket.open(options).close(); // refuses what every attempt would be refused
      Standby standby =
          new Standby(this, monitor == null ? KeepaliveMonitor.open() : monitor, firstMustSucceed);
      boolean started = false;
      try {
        standby.rounds.start();
        started = true;
        return standby;
      } finally {
        if (!started) {
          standby.close();
        }
      }
    }
  }
}
