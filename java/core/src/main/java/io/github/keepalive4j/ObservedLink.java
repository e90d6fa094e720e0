package io.github.keepalive4j;

import io.github.keepalive4j.internal.callback.Observers;

/** Reports a link to a monitor's observers as watched, then as unwatched, each once. */
class ObservedLink {
  final KeepaliveSocket link;
  final Observers observers;
  private State state = State.NEW; // guarded by this
  private volatile boolean forgotten;
  private volatile boolean givenUp;

  private enum State {
    NEW,
    ENTERING,
    WATCHED,
    UNWATCHED
  }

  ObservedLink(KeepaliveSocket link, Observers observers) {
    this.link = link;
    this.observers = observers;
  }

  final KeepaliveSocket link() {
    return link;
  }

  /** Notes that the link is being taken out of the set, maybe before it was quite in it. */
  final void forget() {
    forgotten = true;
  }

  final boolean isForgotten() {
    return forgotten;
  }

  /** Notes that the link was closed or taken back, if its owner did so. */
  final void giveUp(boolean byOwner) {
    if (byOwner) {
      givenUp = true;
    }
  }

  final boolean isGivenUp() {
    return givenUp;
  }

  /** Reports that the link is watched, unless its watch has ended already. */
  final void notifyWatched() {
    synchronized (this) {
      if (state != State.NEW) {
        return;
      }
      state = State.ENTERING;
    }
    observers.watched(new LinkListener.LinkUpdate(link, 0));
    boolean ended;
    synchronized (this) {
      ended = state == State.UNWATCHED;
      state = ended ? State.UNWATCHED : State.WATCHED;
    }
    if (ended) {
      observers.unwatched(new LinkListener.LinkUpdate(link, 0));
    }
  }

  /** Reports that the link is no longer watched, or leaves that to {@link #notifyWatched}. */
  final void notifyUnwatched() {
    boolean reported;
    synchronized (this) {
      reported = state == State.WATCHED;
      state = State.UNWATCHED;
    }
    if (reported) {
      observers.unwatched(new LinkListener.LinkUpdate(link, 0));
    }
  }
}
