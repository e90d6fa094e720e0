package io.github.keepalive4j.sockets.internal.jfr;

import io.github.keepalive4j.sockets.SweepListener.SocketUpdate;
import jdk.jfr.EventType;

/** Records events. Use it only while the core's {@code Flight.isOn()}. */
public final class SocketFlight {
  private static final EventType GOVERNED = EventType.getEventType(GovernedEvent.class);
  private static final EventType SET_AGAIN = EventType.getEventType(SetAgainEvent.class);
  private static final EventType DEAD_PEER = EventType.getEventType(DeadPeerEvent.class);
  private static final EventType SPARED = EventType.getEventType(SparedEvent.class);
  private static final EventType STUCK = EventType.getEventType(StuckEvent.class);
  private static final EventType REFUSED = EventType.getEventType(RefusedEvent.class);

  private SocketFlight() {}

  public static void governed(SocketUpdate event) {
    if (GOVERNED.isEnabled()) {
      new GovernedEvent(event).commit();
    }
  }

  public static void setAgain(SocketUpdate event) {
    if (SET_AGAIN.isEnabled()) {
      new SetAgainEvent(event).commit();
    }
  }

  public static void deadPeer(SocketUpdate event) {
    if (DEAD_PEER.isEnabled()) {
      new DeadPeerEvent(event).commit();
    }
  }

  public static void spared(SocketUpdate event) {
    if (SPARED.isEnabled()) {
      new SparedEvent(event).commit();
    }
  }

  public static void stuck(SocketUpdate event) {
    if (STUCK.isEnabled()) {
      new StuckEvent(event).commit();
    }
  }

  public static void refused(SocketUpdate event) {
    if (REFUSED.isEnabled()) {
      new RefusedEvent(event).commit();
    }
  }
}
