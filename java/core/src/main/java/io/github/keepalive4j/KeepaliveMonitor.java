package io.github.keepalive4j;

import io.github.keepalive4j.internal.Millis;
import io.github.keepalive4j.internal.Provider;
import io.github.keepalive4j.internal.Providers;
import io.github.keepalive4j.internal.Range;
import io.github.keepalive4j.internal.Recurrence;
import io.github.keepalive4j.internal.WatchSettings;
import io.github.keepalive4j.internal.callback.CallbackThreads;
import io.github.keepalive4j.internal.callback.ErrorReports;
import io.github.keepalive4j.internal.callback.FallbackExecutor;
import io.github.keepalive4j.internal.callback.Observers;
import io.github.keepalive4j.internal.callback.RunningCalls;
import io.github.keepalive4j.internal.confirm.Confirming;
import io.github.keepalive4j.internal.guard.GuardSetting;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Collection;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Watches any number of links and calls back when one fails. A native thread judges those with
 * probes: neither a garbage collection nor a listener delays a verdict.
 *
 * <p>A link given to {@link #watch} is the monitor's: it is closed after its callback, and with the
 * monitor. Its owner may close it earlier, also from within a callback; none begins after that.
 *
 * <p>Thread-safe. The JVM lives as long as a monitor is open.
 */
public final class KeepaliveMonitor implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final Provider provider = Providers.get();
  private final ErrorReports errors;
  private final boolean failoverWhenLeft;
  private final Confirming confirming;
  private final GuardSetting guard;
  private final @Nullable Journal journal; // null for none
  private final Observers observers;
  private final RunningCalls calls = new RunningCalls();
  private final Executor executor;
  private final @Nullable CallbackThreads ownExecutor; // null where the caller brought one
  private final LinkSet links;
  private final Warmup warmup = new Warmup();

  private KeepaliveMonitor(Builder builder) throws IOException {
    String name = "keepalive-monitor-" + COUNT.incrementAndGet();
    errors = new ErrorReports(builder.errorHandler);
    failoverWhenLeft = builder.failoverWhenLeft;
    guard = builder.guard;
    journal = builder.journal;
    observers = new Observers(builder.listener, errors::report, !builder.warmup);
    links =
        new LinkSet(
            name, provider.openPoller(builder.realtime), builder.repetition, errors::reportWait);
    confirming = Confirming.within(builder.confirm, builder.failoverWhenAborted, links::newThreads);
    boolean own = builder.executor == null;
    ownExecutor = own ? links.newThreads("-callback", Runnable::run) : null;
    executor = new FallbackExecutor(own ? ownExecutor : builder.executor);
  }

  /**
   * Opens a monitor with the default executor and error handler.
   *
   * @throws IOException as {@link Builder#open}
   */
  public static KeepaliveMonitor open() throws IOException {
    return builder().open();
  }

  /** Opens a monitor of which nobody hears. */
  static KeepaliveMonitor openForWarmup(Builder builder) throws IOException {
    builder.warmup = true;
    KeepaliveMonitor monitor = new KeepaliveMonitor(builder);
    monitor.links.start();
    return monitor;
  }

  /** Returns a builder with the default executor and error handler. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Watches a link. If it has failed already, the callback is called at once.
   *
   * @param link a connected link without an observer
   * @param callback called when the link fails
   * @return the watch, whose end tells what became of it
   * @throws ClosedChannelException if the link is closed
   * @throws IllegalStateException if the link is not connected or has an observer, or the monitor
   *     is closed
   * @throws IOException if the kernel refuses; the link is as before
   */
  public Watch watch(KeepaliveSocket link, FailoverCallback callback) throws IOException {
    return watchOne(link, callback, null);
  }

  /**
   * Watches a link and tells more of it. If it has failed already, the callback is called at once.
   *
   * @param listener hears of everything else, and of the end after the callback
   * @throws IOException as {@link #watch(KeepaliveSocket, FailoverCallback)}, like all else
   */
  public Watch watch(KeepaliveSocket link, FailoverCallback callback, LinkListener listener)
      throws IOException {
    return watchOne(link, callback, Objects.requireNonNull(listener, "listener"));
  }

  /**
   * Arms the guard, connects to a source within 5 s and watches the link. Nothing stays open if
   * that fails.
   *
   * @param source the source's address
   * @param options the options to set before connecting
   * @param callback called when the link fails
   * @throws IOException as {@link KeepaliveSocket#connect(InetSocketAddress, KeepaliveOptions)}
   */
  public Watch connect(
      InetSocketAddress source, KeepaliveOptions options, FailoverCallback callback)
      throws IOException {
    Objects.requireNonNull(callback, "callback");
    GuardSetting armed = guard.arm();
    KeepaliveSocket link = null;
    Watch watch = null;
    try {
      link = KeepaliveSocket.connect(source, options);
      watch = watch(new LinkGroup(this, link, callback, null, armed));
      return watch;
    } finally {
      if (watch == null) {
        armed.disarm();
        if (link != null) {
          link.close();
        }
      }
    }
  }

  private Watch watchOne(
      KeepaliveSocket link, FailoverCallback callback, @Nullable LinkListener listener)
      throws IOException {
    Objects.requireNonNull(link, "link");
    Objects.requireNonNull(callback, "callback");
    return watch(new LinkGroup(this, link, callback, listener, guard.arm()));
  }

  GuardSetting arm() {
    return guard.arm();
  }

  /**
   * Watches several links to one source, as over two networks, and fails over when enough of them
   * have failed. A link whose peer broke the protocol doesn't count. One that this host ended, or
   * whose source stood down, counts only with {@link Builder#failoverWhenAborted} or {@link
   * Builder#failoverWhenLeft}. The {@linkplain Builder#guard guard} is asked once, for all of them.
   * Once so many links are gone that the others can't be enough, the watch ends and says so.
   *
   * @param links connected links without an observer, 1 and more
   * @param policy how many have to fail
   * @param callback called once, on the executor, when they have
   * @throws IllegalArgumentException if {@code links} is empty, or the policy wants more failures
   *     than there are links
   * @throws ClosedChannelException if a link is closed
   * @throws IllegalStateException if a link is not connected or has an observer, or the monitor is
   *     closed
   * @throws IOException if the kernel refuses; no link is watched
   */
  public Watch watchAll(
      Collection<KeepaliveSocket> links, FailoverPolicy policy, FailoverCallback callback)
      throws IOException {
    Objects.requireNonNull(callback, "callback");
    int needed = FailoverPolicy.failuresOf(policy, links);
    return watch(new LinkGroup(this, links, needed, callback));
  }

  Watch watch(LinkGroup group) throws IOException {
    boolean complete = false;
    try {
      group.takeover().connected();
      for (WatchedLink link : group.links()) {
        add(link);
      }
      complete = true;
      return new Watch(group);
    } finally {
      if (!complete) {
        group.abandon();
      }
    }
  }

  void add(WatchedLink watched) throws IOException {
    watched.link().peer(); // refuses a link that isn't connected
    boolean wantsSuspicion = watched.isFollowed() || observers.wantsSuspicion();
    links.add(watched, WatchSettings.ofBackup(watched.link().options(), provider, wantsSuspicion));
  }

  /**
   * Ends the watch of a link, which is its owner's again: open, unless it is {@linkplain
   * Watch.LinkState#CONFIRMING being confirmed}. No callback begins for it after this has returned
   * true.
   *
   * @param link the link
   * @return whether the link was watched here and its failure, if any, could be called off
   */
  public boolean unwatch(KeepaliveSocket link) {
    WatchedLink watch = Objects.requireNonNull(link, "link").watch();
    return watch != null && links.contains(watch) && watch.giveBack();
  }

  /** Returns how many links are watched; a failed one counts until its callback has returned. */
  public int size() {
    return links.size();
  }

  /**
   * Tells whether this monitor watches: it is open, its wait for events succeeds, and its own
   * thread has answered the call of this before. Where the kernel or a sandbox refuses the wait, it
   * tries again every 100 ms, and the {@linkplain Builder#errorHandler error handler} hears of it.
   *
   * @return false while the wait fails and up to 1 s longer, from 1 s after a call on that the
   *     thread hasn't answered, and once the monitor is closed
   */
  public boolean isWorking() {
    return links.isWorking();
  }

  /**
   * Closes the links in the set, then the set. Returns when no callback can begin any more; one may
   * still be running. A guard that is being asked is interrupted, and no other one is asked.
   *
   * <p>Waits for the monitor's own thread, which with {@code Runnable::run} may be in a callback.
   * While the JVM shuts down it waits for nothing, so a shutdown hook may close a monitor.
   */
  @Override
  public void close() {
    boolean isFirst = links.close();
    confirming.close();
    warmup.close();
    if (ownExecutor != null) {
      ownExecutor.shutdown();
    }
    if (isFirst) {
      observers.closed(this);
    }
  }

  /**
   * Closes the monitor and waits until the callbacks, listeners and guards that are running have
   * returned, except for one that calls this or {@link System#exit}. What runs on the monitor's own
   * thread, as with {@code Runnable::run}, is waited for without limit, as {@link #close()} does.
   *
   * @param timeout how long to wait at most, 0 or more; more than 292 years count as 292 years
   * @return whether all have returned
   * @throws IllegalArgumentException if {@code timeout} is negative; the monitor stays open
   * @throws InterruptedException if interrupted while waiting; the monitor is closed all the same
   */
  public boolean close(Duration timeout) throws InterruptedException {
    long timeoutNs = Millis.saturatedNs("timeout", timeout);
    close();
    return calls.await(timeoutNs);
  }

  RunningCalls calls() {
    return calls;
  }

  LinkSet links() {
    return links;
  }

  Observers observers() {
    return observers;
  }

  boolean failoverWhenLeft() {
    return failoverWhenLeft;
  }

  Confirming confirming() {
    return confirming;
  }

  @Nullable Journal journal() {
    return journal;
  }

  Executor executor() {
    return executor;
  }

  ErrorReports errors() {
    return errors;
  }

  /** Collects what a monitor is made with. Not thread-safe. */
  public static final class Builder {
    private @Nullable Executor executor; // null for one of the monitor's own
    private BiConsumer<@Nullable KeepaliveSocket, Throwable> errorHandler = ErrorReports::log;
    private boolean failoverWhenLeft;
    private boolean failoverWhenAborted;
    private @Nullable Duration confirm; // null for no second opinion
    private GuardSetting guard = GuardSetting.NONE;
    private @Nullable Journal journal; // null for none
    private @Nullable MonitorListener listener; // null for none
    private int realtime; // the priority; 0 for normal threads
    private boolean warmup;
    Recurrence repetition = Warmup.REPETITION; // a test doesn't wait for a minute

    private Builder() {}

    /**
     * Sets who is asked between a verdict and its callback. By default nobody is, and the callback
     * follows the verdict at once. If the source lives and only can't be reached from here, two
     * machines run then.
     *
     * @param guard asked on the callback's executor; with {@code Runnable::run}, which is the
     *     monitor's own thread, it holds up all other links
     * @param timeout after which the guard counts as declining, 1 ms to 1 day
     * @throws IllegalArgumentException if {@code timeout} is outside that range
     */
    public Builder guard(TakeoverGuard guard, Duration timeout) {
      this.guard = GuardSetting.of(guard, timeout, ClaimRequest::new);
      return this;
    }

    /**
     * Sets the journal that records each step to a takeover before it happens. By default there is
     * none. A disk that hangs delays a failover by no more than the journal's timeout.
     *
     * @param journal stays its owner's: the monitor doesn't close it; what it throws goes to the
     *     error handler
     */
    public Builder journal(Journal journal) {
      this.journal = Objects.requireNonNull(journal, "journal");
      return this;
    }

    /**
     * Sets who hears of all links, also of those that have no {@link LinkListener}. By default
     * nobody does.
     *
     * @param listener called on the threads where things happen, as {@link MonitorListener} says
     */
    public Builder listener(MonitorListener listener) {
      this.listener = Objects.requireNonNull(listener, "listener");
      return this;
    }

    /**
     * Sets for how long a source is tried again before it is taken over, after {@code CLOSED},
     * {@code RESET}, {@code WORKLOAD_ENDED} or {@code ABORTED}: it may be restarted while its host
     * is well. By default it isn't.
     *
     * <p>The monitor connects with the same options, on a thread of its own. If the source answers,
     * the watch goes on with a fresh link: see {@link LinkListener.Confirmation}. Else the failure
     * counts, also an abort. Closing the watch, the link or the monitor ends the attempts.
     *
     * @param confirm how long, 1 ms to 1 day
     * @throws IllegalArgumentException if {@code confirm} is outside that range
     */
    public Builder confirm(Duration confirm) {
      this.confirm = Confirming.checked(confirm);
      return this;
    }

    /**
     * Sets whether a source that stands down is taken over like one that failed, with {@link
     * FailureCause#LEFT}. By default it isn't.
     */
    public Builder failoverWhenLeft(boolean failoverWhenLeft) {
      this.failoverWhenLeft = failoverWhenLeft;
      return this;
    }

    /** Sets whether {@link FailureCause#ABORTED} counts as a failure. By default it doesn't. */
    public Builder failoverWhenAborted(boolean failoverWhenAborted) {
      this.failoverWhenAborted = failoverWhenAborted;
      return this;
    }

    /**
     * Sets where callbacks and listeners run. By default each runs on a thread that no other link's
     * callback holds up. While the JVM can start no thread, a call may wait 1 s for one, and then
     * runs on the monitor's own thread. {@code Runnable::run} runs all on that thread, which is
     * fastest and holds up all other links. What {@code watch} and {@link Watch#replace} tell at
     * once then runs on their caller's thread, as does a call that the executor rejects.
     *
     * @param executor stays its owner's: the monitor doesn't shut it down
     */
    public Builder executor(Executor executor) {
      this.executor = Objects.requireNonNull(executor, "executor");
      return this;
    }

    /**
     * Sets who hears of what callbacks and listeners throw, and of a wait for events that fails. By
     * default it is logged.
     *
     * @param errorHandler takes the link and what was thrown. The link is null where no single one
     *     is concerned: the monitor is {@linkplain KeepaliveMonitor#isWorking() not working}, or
     *     its listener threw when it was opened or closed
     */
    public Builder errorHandler(BiConsumer<@Nullable KeepaliveSocket, Throwable> errorHandler) {
      this.errorHandler = Objects.requireNonNull(errorHandler, "errorHandler");
      return this;
    }

    /**
     * Has threads that detect and call back run in real time (SCHED_FIFO), except an executor's.
     * Code and their stacks are locked in memory; the heap isn't. A thread that uses more than half
     * a CPU for a second becomes a normal one. {@link #open} says which privilege is missing.
     *
     * @param priority 1 to 99; 98 and 99 count as 97. By default no thread is real-time
     * @throws IllegalArgumentException if {@code priority} is outside that range
     */
    public Builder realtime(int priority) {
      this.realtime = Range.check("priority", priority, 1, 99);
      return this;
    }

    /**
     * Opens the monitor. The first one of a JVM warms up: it runs a failover on a link that isn't
     * connected, which takes some tens of ms. That loads and links the code that a real failover
     * then doesn't wait for.
     *
     * @throws IOException if the kernel refuses descriptors, or {@link #realtime}: see the message
     * @throws UnsupportedOperationException with real time on the pure-JDK path
     * @throws OutOfMemoryError if it refuses a thread; nothing stays open
     */
    public KeepaliveMonitor open() throws IOException {
      KeepaliveMonitor monitor = new KeepaliveMonitor(this);
      boolean warm = false;
      try {
        monitor.links.start();
        monitor.warmup.begin(); // while the monitor holds the shim: it would be loaded anew
        warm = true;
        monitor.observers.opened(monitor);
        return monitor;
      } finally {
        if (!warm) {
          monitor.close();
        }
      }
    }
  }
}
