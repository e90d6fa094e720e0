package io.github.keepalive4j.internal.jfr;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.Failover;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.LinkListener;
import java.util.List;
import jdk.jfr.Event;
import jdk.jfr.EventType;

/**
 * Records events. Use it only while {@link Flight#isOn()}. Nothing is allocated for an event that
 * no recording wants.
 */
public final class FlightEvents {
  private static final EventType UP = EventType.getEventType(LinkUpEvent.class);
  private static final EventType SUSPECT = EventType.getEventType(LinkSuspectEvent.class);
  private static final EventType RECOVERED = EventType.getEventType(LinkRecoveredEvent.class);
  private static final EventType VERDICT = EventType.getEventType(VerdictEvent.class);
  private static final EventType CONFIRMED = EventType.getEventType(ConfirmedEvent.class);
  private static final EventType CLAIM = EventType.getEventType(ClaimEvent.class);
  private static final EventType CALLBACK = EventType.getEventType(CallbackEvent.class);

  private FlightEvents() {}

  /** Makes each event of a failover without recording it. */
  public static void warmUp(Failover failover) {
    Failure failure = failover.failure();
    make(new LinkUpEvent(failure.link()));
    make(new LinkSuspectEvent(failure.link(), 0));
    make(new LinkRecoveredEvent(failure.link()));
    make(new VerdictEvent(failure));
    ClaimEvent claim = new ClaimEvent();
    claim.decline(failover.failures(), "");
    make(claim);
    CallbackEvent callback = new CallbackEvent();
    callback.fill(failover.failures(), null);
    make(callback);
  }

  private static void make(Event event) {
    event.begin();
    event.end();
    var unused = event.shouldCommit();
  }

  public static boolean wantsSuspicion() {
    return SUSPECT.isEnabled();
  }

  public static boolean wantsCallbacks() {
    return CALLBACK.isEnabled();
  }

  public static void up(KeepaliveSocket link) {
    if (UP.isEnabled()) {
      new LinkUpEvent(link).commit();
    }
  }

  public static void suspect(KeepaliveSocket link, int probes) {
    if (SUSPECT.isEnabled()) {
      new LinkSuspectEvent(link, probes).commit();
    }
  }

  public static void recovered(KeepaliveSocket link) {
    if (RECOVERED.isEnabled()) {
      new LinkRecoveredEvent(link).commit();
    }
  }

  public static void verdict(Failure failure) {
    if (VERDICT.isEnabled()) {
      new VerdictEvent(failure).commit();
    }
  }

  public static void confirmed(LinkListener.Confirmation confirmation) {
    if (CONFIRMED.isEnabled()) {
      new ConfirmedEvent(confirmation).commit();
    }
  }

  /** Returns null if no recording wants the event, as for {@link #beginCallback}. */
  public static ClaimEvent beginClaim() {
    if (!CLAIM.isEnabled()) {
      return null;
    }
    ClaimEvent event = new ClaimEvent();
    event.begin();
    return event;
  }

  /** Ends what {@link #beginClaim} began; {@code failures} is empty for a source. */
  public static void granted(ClaimEvent event, List<Failure> failures, Claim claim) {
    event.end();
    if (event.shouldCommit()) {
      event.grant(failures, claim);
      event.commit();
    }
  }

  public static void declined(ClaimEvent event, List<Failure> failures, String reason) {
    event.end();
    if (event.shouldCommit()) {
      event.decline(failures, reason);
      event.commit();
    }
  }

  public static CallbackEvent beginCallback() {
    if (!CALLBACK.isEnabled()) {
      return null;
    }
    CallbackEvent event = new CallbackEvent();
    event.begin();
    return event;
  }

  /** Ends what {@link #beginCallback} began; {@code thrown} is null for what ended well. */
  public static void endCallback(CallbackEvent event, List<Failure> failures, Throwable thrown) {
    event.end();
    if (event.shouldCommit()) {
      event.fill(failures, thrown);
      event.commit();
    }
  }
}
