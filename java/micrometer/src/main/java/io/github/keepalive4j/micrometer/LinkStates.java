package io.github.keepalive4j.micrometer;

import io.github.keepalive4j.KeepaliveSocket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The state of each link that is watched. */
final class LinkStates {
  /** A link's state, in the order in which it may fall from one to the next. */
  enum State {
    UP,
    SUSPECT,
    FAILED
  }

  private final Map<KeepaliveSocket, State> states = new ConcurrentHashMap<>();

  void add(KeepaliveSocket link) {
    states.put(link, State.UP);
  }

  /** Ignores a link that isn't watched any more, because its events may come late. */
  void change(KeepaliveSocket link, State state) {
    states.computeIfPresent(link, (key, old) -> state);
  }

  /** Returns whether the link was watched. */
  boolean remove(KeepaliveSocket link) {
    return states.remove(link) != null;
  }

  long count(State state) {
    return states.values().stream().filter(other -> other == state).count();
  }
}
