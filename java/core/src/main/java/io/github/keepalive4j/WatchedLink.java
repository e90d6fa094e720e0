package io.github.keepalive4j;

import io.github.keepalive4j.Watch.End;
import io.github.keepalive4j.Watch.LinkState;
import io.github.keepalive4j.internal.EarlyEnd;
import io.github.keepalive4j.internal.LinkEvent;
import io.github.keepalive4j.internal.callback.SerialExecutor;
import io.github.keepalive4j.internal.callback.ThrowingRunnable;
import io.github.keepalive4j.internal.confirm.Confirming;
import io.github.keepalive4j.internal.confirm.PendingOpinion;
import io.github.keepalive4j.internal.confirm.SecondOpinion;
import io.github.keepalive4j.internal.guard.WatchJournal;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Brings the events of a watched link to its group and its listener, in order and at most once. */
final class WatchedLink extends ObservedLink {
  private final KeepaliveMonitor monitor;
  private final LinkGroup group;
  private final @Nullable SerialExecutor serial; // null where nobody follows: no order needed
  private final SecondOpinion.@Nullable Answer answer; // null: its owner brought the link
  private LinkListener.@Nullable Confirmation confirmation; // to be told when it is armed, or null
  private LinkState state = LinkState.UP; // guarded by the group
  private boolean over; // guarded by this: the last call has begun, or none may begin any more
  private volatile boolean leaving; // its end is told, or about to be, and closes it
  private boolean handedOver; // guarded by this: its owner has it, or the watch closes it
  private final PendingOpinion secondOpinion = new PendingOpinion();
  private volatile boolean replaced; // what is queued is the fresh link's
  private volatile @Nullable EarlyEnd early; // null unless this link came after its group began

  WatchedLink(KeepaliveMonitor monitor, KeepaliveSocket link, LinkGroup group) {
    super(link, monitor.observers());
    this.monitor = monitor;
    this.group = group;
    this.answer = null;
    boolean followed = group.listener() != null || record().isKept();
    this.serial =
        followed ? new SerialExecutor(monitor.calls().counting(monitor.executor())) : null;
  }

  /** Makes a link that takes another one's place, because its source has answered again. */
  private WatchedLink(
      WatchedLink former, SecondOpinion.Answer answer, LinkListener.Confirmation confirmation) {
    super(confirmation.link(), former.observers);
    this.monitor = former.monitor;
    this.group = former.group;
    this.answer = answer;
    this.confirmation = confirmation;
    this.serial = former.serial; // a listener hears of one link after the other
  }

  /** Tells whether somebody hears of more than the failure: a listener, or a journal. */
  boolean isFollowed() {
    return serial != null;
  }

  LinkState state() {
    return state;
  }

  void become(LinkState newState) {
    state = newState;
  }

  /** Tells whether the link may still fail. */
  boolean canFail() {
    return state == LinkState.UP || state == LinkState.SUSPECT || state == LinkState.CONFIRMING;
  }

  KeepaliveMonitor monitor() {
    return monitor;
  }

  SecondOpinion.@Nullable Answer answer() {
    return answer;
  }

  WatchJournal record() {
    return group.takeover().record();
  }

  Executor executor() {
    return serial == null ? monitor.executor() : serial;
  }

  LinkGroup group() {
    return group;
  }

  /**
   * Lets no call begin any more and takes the link out of the set. Returns false if the last call
   * had begun.
   */
  boolean cancel(boolean byOwner) {
    giveUp(byOwner);
    boolean wasOn = begin(true);
    if (isFollowed() && !replaced) {
      serial.close(); // an executor that is shut down by now must not be asked
    }
    secondOpinion.cancel();
    if (wasOn) {
      group.gone(this, LinkState.UNWATCHED, null);
    }
    boolean wasPending = byOwner && group.cancelPending(this) && !leaving;
    monitor.links().forget(this);
    return wasOn || wasPending;
  }

  /** Ends the watch of this link, which is its owner's again. */
  boolean giveBack() {
    handOver();
    boolean wasOn = cancel(true);
    link.release(this);
    return wasOn;
  }

  /** As {@link #giveBack}, but closes a link that has no other owner. */
  void letGo() {
    if (answer == null || !handOver()) {
      giveBack();
    } else {
      cancel(false);
      closeLink();
    }
  }

  /** Lets its owner have the link, or its watch close it. Returns false if one of them has. */
  private synchronized boolean handOver() {
    boolean isFirst = !handedOver;
    handedOver = true;
    return isFirst;
  }

  /**
   * Puts the link into the set, unless its verdict is known, which the kernel won't repeat. Other
   * events than a failure that come before the listener's onUp wait for it.
   */
  void arm(Registration registration) throws IOException {
    LinkListener.Confirmation confirmed = confirmation;
    confirmation = null; // else each link would keep all that were before it
    if (confirmed != null) {
      observers.confirmed(confirmed);
      record().note("confirmed", link);
    }
    notifyWatched();
    group.takeover().armed(link);
    LinkEvent verdict = link.verdictEvent();
    if (verdict == null) {
      registration.register();
    }
    if (isFollowed()) {
      beginTelling(confirmed);
    }
    if (verdict != null) {
      on(verdict);
    }
  }

  private void beginTelling(LinkListener.@Nullable Confirmation confirmed) {
    if (confirmed == null) {
      serial.start(this::tellUp);
    } else { // the former link has started it
      serial.execute(
          () -> {
            if (begin(false)) {
              tellListener(() -> group.listener().onConfirmed(confirmed));
            }
          });
      serial.execute(this::tellUp);
    }
  }

  /** Makes an end wait for {@link #join()}, because this link isn't one of its group yet. */
  void hold() {
    early = new EarlyEnd();
  }

  /** Lets an end count that came before this link was one of its group. */
  void join() {
    LinkEvent end = early.release();
    if (!begin(false)) { // closed or taken back meanwhile
      group.gone(this, LinkState.UNWATCHED, null);
    } else if (end != null) {
      on(end);
    }
  }

  private void tellUp() {
    if (begin(false)) {
      tellListener(() -> group.listener().onUp(new LinkListener.LinkUpdate(link, 0)));
    }
  }

  /** Takes an event, on the monitor's thread but for a verdict that was known when it armed. */
  void on(LinkEvent event) {
    link.keep(event);
    EarlyEnd waiting = early;
    if (waiting != null && waiting.keeps(event)) {
      return;
    }
    switch (event.type()) {
      case FAILED -> monitor.executor().execute(afterFailure(event.cause()));
      case LEFT -> left();
      case VIOLATION -> executor().execute(() -> leave("violation", LinkState.VIOLATED));
      case SUSPECT -> suspect(event.probes());
      case RECOVERED -> recover();
      case HOLD_BACK -> group.takeover().answerHoldBack(link.link());
      default -> throw new IllegalStateException("a backup's link can't have " + event);
    }
  }

  private Runnable afterFailure(FailureCause cause) {
    Confirming confirming = monitor.confirming();
    if (confirming.isFor(cause)) {
      return Confirming.once(() -> monitor.calls().run(this::confirm));
    }
    return confirming.isMereAbort(cause) ? this::abort : this::fail;
  }

  /** Ends a link that this host can't watch. Its source isn't tried again: it has answered. */
  void endUnwatchable() {
    FailureCause cause = FailureCause.ABORTED;
    link.keep(LinkEvent.withoutEvidence(LinkEvent.Type.FAILED, cause, 0, 0));
    monitor.executor().execute(monitor.confirming().isMereAbort(cause) ? this::abort : this::fail);
  }

  private void abort() {
    executor().execute(() -> leave("aborted", LinkState.ABORTED));
  }

  private void suspect(int probes) {
    group.note(this, LinkState.SUSPECT);
    LinkListener.LinkUpdate event = new LinkListener.LinkUpdate(link, probes);
    observers.suspect(event);
    if (isFollowed()) {
      executor().execute(() -> tell("suspect", () -> group.listener().onSuspect(event)));
    }
  }

  private void recover() {
    group.note(this, LinkState.UP);
    LinkListener.LinkUpdate event = new LinkListener.LinkUpdate(link, 0);
    observers.recovered(event);
    if (isFollowed()) {
      executor().execute(() -> tell("recovered", () -> group.listener().onRecovered(event)));
    }
  }

  synchronized boolean begin(boolean last) {
    if (over) {
      return false;
    }
    over = last;
    return true;
  }

  private void tell(String event, ThrowingRunnable call) {
    if (begin(false)) {
      record().note(event, link);
      tellListener(call);
    }
  }

  private void tellListener(ThrowingRunnable call) {
    if (group.listener() != null) {
      try {
        call.run();
      } catch (Throwable e) { // as a callback's
        monitor.errors().report(link, e);
      }
    }
  }

  /** Tells the listener how the watch ended, after a call to it that is under way. */
  void tellEnd(End end) {
    serial.executeHere(() -> tellListener(() -> group.listener().onEnded(end)));
  }

  private void left() {
    if (monitor.failoverWhenLeft()) {
      monitor.executor().execute(this::fail);
    } else {
      executor().execute(() -> leave("left", LinkState.LEFT));
    }
  }

  private void leave(String event, LinkState state) {
    leave(event, state, link.verdictAt(System.nanoTime()));
  }

  void leave(String event, LinkState state, Failure failure) {
    monitor.calls().begin();
    leaving = true;
    try {
      if (begin(true)) {
        observers.verdict(failure);
        record().gone(event, link);
        group.gone(this, state, failure);
        finish();
      }
    } finally {
      monitor.calls().end();
    }
  }

  private void fail() {
    long callbackNs = System.nanoTime(); // before the closer's word that none begins any more
    monitor.calls().begin(); // before it asks whether it may
    try {
      if (begin(true)) {
        Failure failure = link.verdictAt(callbackNs);
        observers.verdict(failure);
        record().verdict(failure);
        if (!group.isDirect()) {
          pass(failure);
        } else if (group.begin(this)) { // the listener may have taken long
          callBack(failure);
          finish();
        }
      }
    } finally {
      monitor.calls().end();
    }
  }

  /** Leaves the failure to the group, which calls back once there are enough. */
  void pass(Failure failure) {
    if (!group.failed(this, failure)) {
      finish();
    }
  }

  /**
   * Not by way of {@link LinkGroup#failed}: HotSpot inlines 15 calls deep (MaxInlineLevel), and the
   * callback would be beyond that.
   */
  private void callBack(Failure failure) {
    Failover failover = new Failover(List.of(failure), null);
    Throwable thrown = null;
    try {
      observers.callBack(group.callback(), failover);
    } catch (Throwable e) { // whatever it is, it must not cost other links their thread
      monitor.errors().report(link, e);
      thrown = e;
    }
    long tookNs = System.nanoTime() - failure.callbackNs();
    group.end(this, End.called(failover, thrown, Duration.ofNanos(tookNs)));
  }

  /** Has the source tried again before the failure counts. */
  private void confirm() {
    if (begin(false)) {
      Failure failure = link.verdictAt(System.nanoTime());
      observers.verdict(failure);
      record().verdict(failure);
      group.note(this, LinkState.CONFIRMING);
      link.keepEvidence();
      link.link().close(); // its port may be the fresh link's, too
      new LinkConfirmation(this, failure).start(secondOpinion);
    }
  }

  /** Replaces this link, whose source has answered again, unless that is no longer wanted. */
  void resume(SecondOpinion.Answer again, LinkListener.Confirmation confirmed) {
    WatchedLink coming = new WatchedLink(this, again, confirmed);
    replaced = true; // first: a close meanwhile must not close the executor of the fresh link
    if (group.resume(this, coming)) {
      group.takeover().connected();
      LinkConfirmation.arm(coming);
      finish();
    } else {
      replaced = false;
      coming.closeLink();
      if (begin(true)) {
        finish();
      }
    }
  }

  /** Closes the link after its last call. */
  void finish() {
    if (isFollowed()) {
      serial.executeHere(() -> monitor.links().end(this));
    } else {
      monitor.links().end(this);
    }
  }

  void closeLink() {
    link.close(false);
  }

  /** Puts a link into a poller. */
  interface Registration {
    void register() throws IOException;
  }
}
