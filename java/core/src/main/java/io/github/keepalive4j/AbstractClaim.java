package io.github.keepalive4j;

import io.github.keepalive4j.internal.SafeLogger;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The base class for the claims of a {@link TakeoverGuard}. The subclass says how a claim is given
 * up. It calls {@link #renew} while the claim stands and {@link #lose} once it is lost. This class
 * ends a claim only once, by a loss or a release, and tells each listener of a loss once.
 * Thread-safe.
 */
public abstract class AbstractClaim implements Claim {
  private static final System.Logger LOGGER = SafeLogger.get();

  private enum State {
    HELD,
    LOST,
    RELEASED
  }

  private final List<Consumer<ClaimLoss>> listeners = new ArrayList<>(); // guarded by this
  private State state = State.HELD; // guarded by this
  private @Nullable ClaimLoss loss; // guarded by this; null unless lost
  private boolean leased; // guarded by this: validUntilNs counts
  private long validUntilNs; // guarded by this

  /** Makes a claim that is held, without a lease until {@link #renew} is called. */
  protected AbstractClaim() {}

  /** Makes a claim that is never lost. */
  static Claim lasting(String description) {
    Objects.requireNonNull(description, "description");
    return new AbstractClaim() {
      @Override
      public String description() {
        return description;
      }

      @Override
      public boolean canBeLost() {
        return false;
      }

      @Override
      protected void giveUp() {}
    };
  }

  @Override
  public OptionalLong token() {
    return OptionalLong.empty();
  }

  @Override
  public OptionalLong supersedes() {
    return OptionalLong.empty();
  }

  @Override
  public Optional<String> resource() {
    return Optional.empty();
  }

  /**
   * Tells whether the claim can be lost. If so, a callback that doesn't call {@link
   * Failover#onClaimLost} causes a warning in the log.
   *
   * @return true unless overridden
   */
  public boolean canBeLost() {
    return true;
  }

  /**
   * Tells whether a callback may begin on this claim. A guard in doubt answers false here while
   * {@link #isValid()} stays true: what runs goes on, and nothing new begins.
   *
   * @return whether the callback may begin; {@link #isValid()} unless overridden
   */
  public boolean mayBegin() {
    return isValid();
  }

  /**
   * Announces that the holder is about to begin. Until then the guard may give the claim to another
   * backup. May block for as long as the guard sees fit.
   *
   * @return whether the callback may begin; if not, the claim is released. {@link #mayBegin()}
   *     unless overridden
   */
  public boolean announce() {
    return mayBegin();
  }

  /** The backups that are connected to the server that serves on a claim. Thread-safe. */
  public interface Backups {
    /**
     * Returns where the backups are connected from.
     *
     * @return a copy
     */
    Set<InetSocketAddress> connected();

    /**
     * Asks a backup not to take over for a while: its guard's {@link TakeoverGuard#holdBack()}. A
     * question that isn't answered yet isn't repeated.
     *
     * @param backup one of those that are connected
     * @return completed with the promise: when the question was sent, on {@link
     *     System#nanoTime()}'s clock. Never completed where the backup doesn't promise, can't be
     *     asked because it has sent no query, or is gone
     */
    CompletableFuture<Long> askToHoldBack(InetSocketAddress backup);
  }

  /**
   * Tells which backups the server has that serves on this claim. Called once, when it begins.
   *
   * @param backups its backups, from now on
   */
  public void serve(Backups backups) {
    Objects.requireNonNull(backups, "backups");
  }

  /**
   * Gives up what stands for the claim outside this process, for example a record. A successor may
   * take that for the sign that this holder has stopped. Called once, on any thread: after a
   * release, or after a loss once all listeners have returned.
   */
  protected abstract void giveUp();

  /**
   * Extends the lease. A claim whose lease has run out is lost, even if a renewal comes later.
   *
   * @param newValidUntilNs the lease's new end, on {@link System#nanoTime()}'s clock. Count it from
   *     the sending of the request that was granted. A time before the present end changes nothing
   */
  protected final synchronized void renew(long newValidUntilNs) {
    if (!leased) {
      leased = true;
      validUntilNs = newValidUntilNs;
    } else if (newValidUntilNs - validUntilNs > 0 && !isOverdue()) {
      validUntilNs = newValidUntilNs;
    }
  }

  /**
   * Returns how long the claim lasts unless it is renewed.
   *
   * @return zero or less once the lease has run out, zero once the claim is released or lost; empty
   *     for a claim without a lease
   */
  public Optional<Duration> leaseLeft() {
    synchronized (this) {
      if (!leased) {
        return Optional.empty();
      }
      long leftNs = state == State.HELD ? validUntilNs - System.nanoTime() : 0;
      return Optional.of(Duration.ofNanos(leftNs));
    }
  }

  /** Tells whether the lease has run out and nobody has been told yet. */
  protected final synchronized boolean isOverdue() {
    return leased && state == State.HELD && System.nanoTime() - validUntilNs >= 0;
  }

  /**
   * Returns why a claim whose lease ran out is lost.
   *
   * @return for people to read
   */
  protected String overdueReason() {
    return "the lease ended";
  }

  /**
   * Marks the claim lost, calls its listeners on this thread, and {@linkplain #giveUp() gives up}
   * what is left of it. Does nothing if it is lost or released already.
   *
   * @param reason what happened, for people to read
   * @param endedNs when it happened, on {@link System#nanoTime()}'s clock
   */
  protected final void lose(String reason, long endedNs) {
    Objects.requireNonNull(reason, "reason");
    List<Consumer<ClaimLoss>> toCall;
    ClaimLoss lost;
    synchronized (this) {
      if (state != State.HELD) {
        return;
      }
      state = State.LOST;
      lost = new ClaimLoss(reason, leased && validUntilNs - endedNs < 0 ? validUntilNs : endedNs);
      loss = lost;
      toCall = List.copyOf(listeners);
    }
    toCall.forEach(listener -> call(listener, lost));
    giveUpLogged();
  }

  private void giveUpLogged() {
    try {
      giveUp();
    } catch (Throwable e) { // the holder stops, or has stopped, all the same
      LOGGER.log(System.Logger.Level.ERROR, "giving up " + getClass().getName() + " failed", e);
    }
  }

  private static void call(Consumer<ClaimLoss> listener, ClaimLoss lost) {
    try {
      listener.accept(lost);
    } catch (Throwable e) { // the others must stop, too
      LOGGER.log(System.Logger.Level.ERROR, "a listener of a lost claim failed", e);
    }
  }

  @Override
  public final boolean isValid() {
    if (isOverdue()) {
      lose(overdueReason(), System.nanoTime());
    }
    return isHeld() && stands();
  }

  /**
   * Tells whether what the claim rests on still stands, where that takes asking.
   *
   * @return true unless overridden
   */
  protected boolean stands() {
    return true;
  }

  /** Tells whether the claim is neither lost nor released, without looking at the clock. */
  protected final synchronized boolean isHeld() {
    return state == State.HELD;
  }

  @Override
  public final void addLossListener(Consumer<ClaimLoss> listener) {
    Objects.requireNonNull(listener, "listener");
    ClaimLoss already;
    synchronized (this) {
      already = loss;
      listeners.add(listener);
    }
    if (already != null) {
      call(listener, already);
    }
  }

  @Override
  public final void release() {
    synchronized (this) {
      if (state != State.HELD) {
        return;
      }
      state = State.RELEASED;
    }
    giveUpLogged();
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + "[" + description() + "]";
  }
}
