package io.github.keepalive4j;

import io.github.keepalive4j.internal.AddressText;
import java.time.Duration;
import java.util.Objects;

/**
 * Hears what happens to a watched link, in more detail than a {@link FailoverCallback}.
 *
 * <p>For one link the calls come one after the other, in the order of the events, on the monitor's
 * executor. The {@link FailoverCallback} waits for none of them if the executor has another thread:
 * it may begin while one is running. Once it has begun, only {@link #onEnded} still begins, after
 * it and after a call that is running. An event that had to wait for a slow call is left out then,
 * {@link #onUp} too.
 *
 * <p>What the calls throw goes to the monitor's error handler.
 */
public interface LinkListener {
  /** The link is connected and watched. */
  default void onUp(LinkUpdate event) {}

  /** Probes have gone unanswered: the early warning before a failure by timeout. */
  default void onSuspect(LinkUpdate event) {}

  /** A suspected source was heard again. */
  default void onRecovered(LinkUpdate event) {}

  /**
   * A link had ended, and its source answered when it was {@linkplain
   * KeepaliveMonitor.Builder#confirm tried again}: the watch goes on with a fresh link, of which
   * {@link #onUp} tells next. The link that ended is closed.
   */
  default void onConfirmed(Confirmation event) {}

  /**
   * The watch has ended. After a failure this comes after the {@link FailoverCallback}, which comes
   * first because it is urgent. The link is closed after this call, unless its owner took it back.
   *
   * @param end how it ended: see {@link Watch.End#kind()}
   */
  default void onEnded(Watch.End end) {}

  /**
   * The {@linkplain KeepaliveMonitor.Builder#journal journal}'s disk is slow: a line isn't on it
   * within the journal's timeout. Unlike the others this call comes at once, on the thread that has
   * waited, also beside a call that is running. What the line announces goes on after it. Where
   * nobody listens, a warning is logged.
   */
  default void onJournalLate(JournalDelay event) {}

  /** Something that happened on a watched link. Immutable. */
  final class LinkUpdate {
    private final KeepaliveSocket link;
    private final int unansweredProbes;

    /**
     * Makes an update. A monitor does; a test of a listener may.
     *
     * @param link the link
     * @param unansweredProbes as {@link #unansweredProbes()}
     */
    public LinkUpdate(KeepaliveSocket link, int unansweredProbes) {
      this.link = Objects.requireNonNull(link, "link");
      this.unansweredProbes = unansweredProbes;
    }

    /** Returns the link. */
    public KeepaliveSocket link() {
      return link;
    }

    /**
     * Returns the source's address as {@code KEEPALIVE_PEER} and the metrics have it.
     *
     * @return {@code 192.0.2.1:9999} or {@code [2001:db8::1]:9999}, IPv6 as in RFC 5952
     */
    public String peerText() {
      return AddressText.of(link.peer());
    }

    /**
     * Returns how many keepalive probes are unanswered so far ({@code tcpi_probes}).
     *
     * @return the number, 0 unless the link is suspect
     */
    public int unansweredProbes() {
      return unansweredProbes;
    }

    @Override
    public String toString() {
      return link + ", unanswered probes: " + unansweredProbes;
    }
  }

  /** A line of a journal that isn't on the disk in time. Immutable. */
  final class JournalDelay {
    private final KeepaliveSocket link;
    private final String line;

    /**
     * Makes an event. A monitor does; a test of a listener may.
     *
     * @param link as {@link #link()}
     * @param line as {@link #line()}
     */
    public JournalDelay(KeepaliveSocket link, String line) {
      this.link = Objects.requireNonNull(link, "link");
      this.line = Objects.requireNonNull(line, "line");
    }

    /** Returns the link that is watched; of several links, the one that joined the watch last. */
    public KeepaliveSocket link() {
      return link;
    }

    /**
     * Returns what the line is about.
     *
     * @return {@code event} of the line, as in the table of {@link Journal}
     */
    public String line() {
      return line;
    }

    @Override
    public String toString() {
      return link + ": " + line;
    }
  }

  /**
   * A source that ended a link and has answered since. Immutable.
   *
   * <p>It is an answer that a link connects, and with probes that a query is answered. A refused
   * connection is none, nor is a link that ends within 1 s: then the rest of the time follows.
   * Between two attempts there are 10 ms to 500 ms. A source that declines this backup lives: the
   * link counts as {@link FailureCause#LEFT}.
   *
   * <p>The fresh link takes the former one's place in the {@link Watch}: close that to end it. With
   * {@code Runnable::run} as the executor, a failover after all runs on the thread that tried.
   */
  final class Confirmation {
    private final Failure failure;
    private final KeepaliveSocket link;
    private final Duration time;

    /**
     * Makes a confirmation. A monitor does; a test of a listener may.
     *
     * @param failure as {@link #failure()}
     * @param link as {@link #link()}
     * @param time as {@link #time()}
     */
    public Confirmation(Failure failure, KeepaliveSocket link, Duration time) {
      this.failure = Objects.requireNonNull(failure, "failure");
      this.link = Objects.requireNonNull(link, "link");
      this.time = Objects.requireNonNull(time, "time");
    }

    /** Returns how the former link ended, which would have been a failover. */
    public Failure failure() {
      return failure;
    }

    /**
     * Returns the fresh link, which is watched from now on.
     *
     * @return the link; the watch closes it, unless {@link KeepaliveMonitor#unwatch} takes it out
     */
    public KeepaliveSocket link() {
      return link;
    }

    /** Returns the time from the former link's verdict to the answer. */
    public Duration time() {
      return time;
    }

    /** Returns the source's address, as {@link LinkUpdate#peerText()}. */
    public String peerText() {
      return AddressText.of(failure.peer());
    }

    @Override
    public String toString() {
      return failure + ", answered after " + time.toMillis() + " ms";
    }
  }
}
