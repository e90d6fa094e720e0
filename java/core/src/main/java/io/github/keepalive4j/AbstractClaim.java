package io.github.keepalive4j;

import io.github.keepalive4j.internal.SafeLogger;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A claim as a {@link TakeoverGuard} gives it. A guard's own class says how the claim is given up;
 * it calls {@link #renew} while the claim stands and {@link #lose} once it is lost. That a claim is
 * lost, released and announced at most once is seen to here. Thread-safe.
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
   * Tells whether the claim can be lost. A holder that doesn't listen for that is warned.
   *
   * @return true unless overridden
   */
  public boolean canBeLost() {
    return true;
  }

  /**
   * Tells whether something may be begun on this claim: more strictly than {@link #isValid()},
   * which keeps what runs running, where the guard has doubts that may pass.
   *
   * @return whether the callback may begin; {@link #isValid()} unless overridden
   */
  public boolean mayBegin() {
    return isValid();
  }

  /**
   * Makes known that the holder is about to begin, where others wait for that: until then the guard
   * may replace it. May block, for as long as the guard sees fit.
   *
   * @return whether the callback may begin; if not, the claim is released. {@link #mayBegin()}
   *     unless overridden
   */
  public boolean announce() {
    return mayBegin();
  }

  /**
   * Gives up what stands for the claim outside this process: deletes a record, say. Called once,
   * after a release, or when the claim is lost and all listeners have returned, so that a successor
   * can be told that this holder has stopped. May be called on any thread.
   */
  protected abstract void giveUp();

  /**
   * Extends the lease. A claim whose lease has run out is lost, even if a renewal comes later.
   *
   * @param newValidUntilNs until when the claim is valid, on {@link System#nanoTime()}'s clock:
   *     counted from the sending of the request that was granted; an earlier time than the lease's
   *     own changes nothing
   */
  protected final synchronized void renew(long newValidUntilNs) {
    if (!leased) {
      leased = true;
      validUntilNs = newValidUntilNs;
    } else if (newValidUntilNs - validUntilNs > 0 && !isOverdue()) {
      validUntilNs = newValidUntilNs;
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
    giveUp();
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
    giveUp();
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + "[" + description() + "]";
  }
}
