package io.github.keepalive4j.internal.standby;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.Failover;
import io.github.keepalive4j.FailoverCallback;
import io.github.keepalive4j.LinkListener;
import io.github.keepalive4j.Standby;
import io.github.keepalive4j.Standby.State;
import io.github.keepalive4j.Watch;

/**
 * Carries the calls of one watch to the user of a standby. None goes on once the standby is closed.
 * Once the watch has ended, only {@code onEnded} does.
 */
public final class Arming implements FailoverCallback, LinkListener {
  private final Progress progress;
  private final FailoverCallback callback;
  private final Standby.Listener listener;
  private boolean over; // guarded by the progress

  public Arming(Progress progress, FailoverCallback callback, Standby.Listener listener) {
    this.progress = progress;
    this.callback = callback;
    this.listener = listener;
  }

  /** The watch has begun, which its first call may have told already. */
  public void begun() {
    synchronized (progress) {
      if (!over && progress.state() == State.CONNECTING) {
        progress.change(State.ARMED, null);
      }
    }
  }

  private boolean advance(State next) {
    synchronized (progress) {
      if (over || progress.isClosed()) {
        return false;
      }
      if (progress.state() != State.TAKING_OVER) { // which a late call must not undo
        progress.change(next, null);
      }
      return true;
    }
  }

  @Override
  public void onUp(LinkUpdate event) {
    if (advance(State.ARMED)) {
      listener.onUp(event);
    }
  }

  @Override
  public void onSuspect(LinkUpdate event) {
    if (advance(State.SUSPECT)) {
      listener.onSuspect(event);
    }
  }

  @Override
  public void onRecovered(LinkUpdate event) {
    if (advance(State.ARMED)) {
      listener.onRecovered(event);
    }
  }

  @Override
  public void onConfirmed(Confirmation event) {
    if (advance(State.ARMED)) {
      listener.onConfirmed(event);
    }
  }

  @Override
  public void onJournalLate(JournalDelay event) {
    if (isLive()) {
      listener.onJournalLate(event);
    }
  }

  private boolean isLive() {
    synchronized (progress) {
      return !over && !progress.isClosed();
    }
  }

  @Override
  public void onFailover(Failover failover) throws Exception {
    if (advance(State.TAKING_OVER)) {
      callback.onFailover(failover);
    } else { // closed between the verdict and this call: nothing was begun
      failover.claim().ifPresent(Claim::release);
    }
  }

  @Override
  public void onEnded(Watch.End end) {
    conclude(end);
    if (!progress.isClosed()) {
      listener.onEnded(end);
    }
  }

  /**
   * Takes the watch's end, once. The listener's {@code onEnded} may come much later, after a slow
   * call, when the standby watches another link.
   */
  public Watch.End conclude(Watch.End end) {
    synchronized (progress) {
      if (!over) {
        over = true;
        switch (end.kind()) {
          case TAKEN_OVER -> progress.change(State.TAKEN_OVER, null);
          case TAKEOVER_FAILED ->
              progress.change(State.TAKEOVER_FAILED, end.thrown().orElseThrow());
          default -> {
            // the rounds decide what follows
          }
        }
      }
    }
    return end;
  }
}
