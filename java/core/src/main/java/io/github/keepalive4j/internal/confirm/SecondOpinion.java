package io.github.keepalive4j.internal.confirm;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.SourceDeclinedException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Connects to a source that has ended a link, again and again until it answers or the time is over.
 *
 * <p>A refused connection is no answer: a supervisor may be about to restart the source. Nor is a
 * connection without an answered handshake, where the link has probes. A source that declines this
 * backup has answered: it says that it stands down, which only a living process can.
 */
public final class SecondOpinion implements Runnable {
  private static final long FIRST_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long LONGEST_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(500);

  /** A new connection sends a SYN at once; the kernel waits ever longer before it repeats one. */
  private static final Duration LONGEST_ATTEMPT = Duration.ofSeconds(2);

  /**
   * A link that ends sooner is no answer: something accepts in a dead source's name, as a proxy
   * does.
   */
  private static final long SETTLED_NS = TimeUnit.SECONDS.toNanos(1);

  private final InetSocketAddress source;
  private final KeepaliveOptions options;
  private final long deadlineNs;
  private final Asker asker;
  private long pauseNs; // on the running thread; before the next attempt
  private KeepaliveSocket attempt; // guarded by this; null for none
  private boolean over; // guarded by this: answered, cancelled or given up

  /** Who wants a second opinion. One of the methods is called, once, unless it is cancelled. */
  public interface Asker {
    /** The source has answered, on a link that is the asker's. */
    void answered(KeepaliveSocket fresh, Answer answer);

    /** The source has answered that this backup may not watch it. */
    void declined();

    void unanswered();
  }

  /** When a source answered, and how long it could have taken. */
  public record Answer(long answeredNs, long deadlineNs, long nextPauseNs) {
    /** Tells whether it came so shortly before a verdict that this shows that it was none. */
    boolean isRecentAt(long verdictNs) {
      return verdictNs - answeredNs < SETTLED_NS;
    }
  }

  SecondOpinion(KeepaliveSocket ended, long deadlineNs, Asker asker) {
    this.source = ended.peer();
    this.options = ended.options();
    this.deadlineNs = deadlineNs;
    this.asker = asker;
  }

  /**
   * Goes on where an earlier one stopped, because its answer didn't last. The time stood still
   * while that link was up.
   */
  SecondOpinion(KeepaliveSocket ended, Answer before, long verdictNs, Asker asker) {
    this(ended, before.deadlineNs() + (verdictNs - before.answeredNs()), asker);
    this.pauseNs = before.nextPauseNs();
  }

  @Override
  public void run() {
    boolean isFirst = pauseNs == 0;
    while (isFirst || pause()) {
      isFirst = false;
      if (isOver() || isAnswered()) {
        return;
      }
      pauseNs = nextPauseNs();
    }
    giveUp();
  }

  private long nextPauseNs() {
    return Math.max(FIRST_PAUSE_NS, Math.min(LONGEST_PAUSE_NS, 2 * pauseNs));
  }

  /** Waits before the next attempt; the last one comes when the time is over. */
  private synchronized boolean pause() {
    long leftNs = deadlineNs - System.nanoTime();
    if (leftNs <= 0) {
      return false;
    }
    long untilNs = System.nanoTime() + Math.min(pauseNs, leftNs);
    long waitNs = untilNs - System.nanoTime();
    while (!over && waitNs > 0) {
      try {
        TimeUnit.NANOSECONDS.timedWait(this, waitNs);
      } catch (InterruptedException e) {
        // left behind by a listener, without meaning here
      }
      waitNs = untilNs - System.nanoTime();
    }
    return true;
  }

  private boolean isAnswered() {
    KeepaliveSocket fresh = null;
    boolean declined = false;
    try {
      fresh = connect();
    } catch (SourceDeclinedException e) {
      declined = true;
    } catch (Throwable e) { // whatever it is, it must not cost the failover
      var unused = Thread.interrupted(); // as in pause()
    }
    if (declined && end()) {
      asker.declined();
    } else if (fresh != null && end()) {
      asker.answered(fresh, new Answer(System.nanoTime(), deadlineNs, nextPauseNs()));
    } else if (fresh != null) {
      fresh.close();
    }
    return declined || fresh != null;
  }

  private KeepaliveSocket connect() throws IOException {
    KeepaliveSocket made = KeepaliveSocket.open(options);
    synchronized (this) {
      attempt = made;
      if (over) {
        made.close(); // connecting it is refused
      }
    }
    made.connectTo(source, attemptTime());
    return made;
  }

  private Duration attemptTime() {
    Duration left = Duration.ofNanos(deadlineNs - System.nanoTime());
    Duration limited = left.compareTo(LONGEST_ATTEMPT) < 0 ? left : LONGEST_ATTEMPT;
    Duration shortest = Duration.ofMillis(1);
    return limited.compareTo(shortest) < 0 ? shortest : limited;
  }

  private synchronized boolean isOver() {
    return over;
  }

  /** Returns false if it was over before. */
  private synchronized boolean end() {
    boolean wasOn = !over;
    over = true;
    attempt = null;
    return wasOn;
  }

  void giveUp() {
    if (end()) {
      asker.unanswered();
    }
  }

  /** Ends the attempt under way. None begins after this has returned. */
  public void cancel() {
    KeepaliveSocket last;
    synchronized (this) {
      last = attempt;
      over = true;
      attempt = null;
      notifyAll();
    }
    if (last != null) {
      last.close();
    }
  }
}
