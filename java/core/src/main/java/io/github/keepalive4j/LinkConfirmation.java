package io.github.keepalive4j;

import io.github.keepalive4j.Watch.LinkState;
import io.github.keepalive4j.internal.LinkEvent;
import io.github.keepalive4j.internal.confirm.Confirming;
import io.github.keepalive4j.internal.confirm.PendingOpinion;
import io.github.keepalive4j.internal.confirm.SecondOpinion;
import java.io.IOException;
import java.time.Duration;

/** Asks for a second opinion on one link that has ended, and hands the answer to it. */
final class LinkConfirmation implements SecondOpinion.Asker {
  private final WatchedLink ended;
  private final Failure failure;
  private final Confirming confirming;
  private final SecondOpinion opinion;

  /** Prepares to try the source again. */
  LinkConfirmation(WatchedLink ended, Failure failure) {
    this.ended = ended;
    this.failure = failure;
    this.confirming = ended.monitor().confirming();
    this.opinion = confirming.prepare(failure, ended.answer(), this);
  }

  /** Begins the attempts, unless they were cancelled before. */
  void start(PendingOpinion pending) {
    if (pending.admit(opinion)) {
      confirming.start(opinion);
    }
  }

  @Override
  public void answered(KeepaliveSocket fresh, SecondOpinion.Answer answer) {
    Duration time = Duration.ofNanos(System.nanoTime() - failure.verdictNs());
    LinkListener.Confirmation confirmed = new LinkListener.Confirmation(failure, fresh, time);
    ended.monitor().calls().run(() -> ended.resume(answer, confirmed));
  }

  /** Arms a fresh link. If that is refused, this host ends the link, though its source lives. */
  static void arm(WatchedLink fresh) {
    try {
      fresh.monitor().add(fresh);
    } catch (IOException | RuntimeException e) {
      if (!fresh.monitor().links().isOpen()) {
        fresh.letGo();
      } else if (fresh.begin(false)) { // else it was closed meanwhile
        fresh.monitor().errors().report(fresh.link(), e);
        fresh.endUnwatchable();
      }
    }
  }

  @Override
  public void declined() {
    LinkEvent left = LinkEvent.withoutEvidence(LinkEvent.Type.LEFT, FailureCause.LEFT, 0, 0);
    Failure leaving = new Failure(ended.link(), left, left.verdictNs());
    if (ended.monitor().failoverWhenLeft()) {
      ended.monitor().executor().execute(() -> count("left", leaving));
    } else {
      ended.executor().execute(() -> ended.leave("left", LinkState.LEFT, leaving));
    }
  }

  @Override
  public void unanswered() {
    ended.monitor().executor().execute(() -> count("unanswered", failure));
  }

  private void count(String event, Failure counted) {
    ended.monitor().calls().begin(); // before it asks whether it may
    try {
      if (ended.begin(true)) {
        if (counted != failure) {
          ended.observers.verdict(counted); // the second one
        }
        ended.record().gone(event, ended.link());
        ended.pass(counted);
      }
    } finally {
      ended.monitor().calls().end();
    }
  }
}
