package io.github.keepalive4j;

import io.github.keepalive4j.internal.callback.Observers;

/** A link in the eyes of a monitor's observers: they see it come and go, in this order and once. */
class ObservedLink {
  final KeepaliveSocket link;
  final Observers observers;
  private Sight sight = Sight.UNSEEN; // guarded by this

  private enum Sight {
    UNSEEN,
    COMING,
    SEEN,
    GONE
  }

  ObservedLink(KeepaliveSocket link, Observers observers) {
    this.link = link;
    this.observers = observers;
  }

  final KeepaliveSocket link() {
    return link;
  }

  /** Tells that the link is watched, unless that has ended already. */
  final void notifyWatched() {
    synchronized (this) {
      if (sight != Sight.UNSEEN) {
        return;
      }
      sight = Sight.COMING;
    }
    observers.watched(new LinkListener.LinkUpdate(link, 0));
    boolean left;
    synchronized (this) {
      left = sight == Sight.GONE;
      sight = left ? Sight.GONE : Sight.SEEN;
    }
    if (left) {
      observers.unwatched(new LinkListener.LinkUpdate(link, 0));
    }
  }

  /** Tells that the link is no longer watched, at the latest when its coming has been told. */
  final void notifyUnwatched() {
    boolean seen;
    synchronized (this) {
      seen = sight == Sight.SEEN;
      sight = Sight.GONE;
    }
    if (seen) {
      observers.unwatched(new LinkListener.LinkUpdate(link, 0));
    }
  }
}
