package io.github.keepalive4j.cli.guard;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.cli.output.Event;
import io.github.keepalive4j.cli.output.Messages;
import io.github.keepalive4j.internal.AddressText;
import io.github.keepalive4j.zookeeper.Arming;
import io.github.keepalive4j.zookeeper.ClaimStatus;
import io.github.keepalive4j.zookeeper.FailsafeState;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The events of a guard, which decides whether a backup may take over or a source may serve. The
 * peer is the source; for a source that serves, it is its own address.
 */
public final class GuardEvent {
  private GuardEvent() {}

  static Event unreachable(String ensemble, String reason) {
    return Event.error(
        ensemble,
        "the ensemble can't be reached, and is tried again: there are no claims meanwhile; "
            + Messages.oneLine(reason));
  }

  static Event of(String ensemble, Arming arming) {
    Map<String, Object> details = new LinkedHashMap<>();
    if (arming.state() == Arming.State.ARMED) {
      details.put("token", arming.token().isPresent() ? arming.token().getAsLong() : null);
      details.put("detail", arming.text());
      return Event.of(Event.Type.ARMED, ensemble, details, Messages.oneLine(arming.text()));
    }
    details.put("reason", arming.text());
    String text = "a failover now would be declined: " + Messages.oneLine(arming.text());
    return Event.of(Event.Type.NOT_ARMED, ensemble, details, text);
  }

  public static Event granted(InetSocketAddress source, Claim claim) {
    return granted(AddressText.of(source), claim);
  }

  public static Event granted(String source, Claim claim) {
    Map<String, Object> details = details(claim);
    details.put("claim", claim.description());
    String token = claim.token().isPresent() ? "token " + claim.token().getAsLong() + ", " : "";
    return Event.of(Event.Type.GRANTED, source, details, token + claim.description());
  }

  public static Event declined(Failure failure, String reason) {
    return Event.ofVerdict(
        Event.Type.DECLINED,
        failure,
        Map.of("reason", reason),
        ", but no takeover: " + Messages.oneLine(reason));
  }

  public static Event claimLost(InetSocketAddress source, Claim claim, String reason) {
    return claimLost(AddressText.of(source), claim, reason);
  }

  public static Event claimLost(String source, Claim claim, String reason) {
    Map<String, Object> details = details(claim);
    details.put("reason", reason);
    return Event.of(Event.Type.CLAIM_LOST, source, details, reason);
  }

  /** The claim rests on the promises of the backups, or no longer. */
  static Event failsafe(String ensemble, FailsafeState state) {
    boolean on = state == FailsafeState.ON;
    return Event.of(
        Event.Type.FAILSAFE,
        ensemble,
        Map.of("on", on),
        on
            ? "the ensemble doesn't answer: the claim is kept while every backup holds back"
            : "the claim no longer rests on the backups");
  }

  /** A line of the journal that isn't on the disk in time. */
  public static Event journalLate(InetSocketAddress source, String line) {
    return journalLate(AddressText.of(source), line);
  }

  static Event journalLate(String source, String line) {
    return Event.of(
        Event.Type.JOURNAL_LATE,
        source,
        Map.of("line", line),
        "the journal's disk is slow: " + line + " isn't on it yet, and isn't waited for");
  }

  /** Makes an event of a takeover that follows from no link, with the fields that a link's has. */
  public static Event ofClaimEnd(
      Event.Type type, String peer, String cause, Map<String, Object> outcome, String text) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("cause", cause);
    details.put("errno", null);
    details.put("lastHeardMs", null);
    details.put("verdictNs", System.nanoTime());
    details.put("local", null);
    details.putAll(outcome);
    return Event.of(type, peer, details, text);
  }

  /** Another one holds the claim, and is watched. */
  public static Event held(ClaimStatus status) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("token", status.token().orElse(0));
    String holder = status.holder().orElse("");
    return Event.of(
        Event.Type.HELD, holder, details, "holds the claim, token " + status.token().orElse(0));
  }

  private static Map<String, Object> details(Claim claim) {
    OptionalLong token = claim.token();
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("token", token.isPresent() ? token.getAsLong() : null);
    return details;
  }
}
