package io.github.keepalive4j.cli.watch;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.cli.guard.GuardEvent;
import io.github.keepalive4j.cli.output.Event;
import io.github.keepalive4j.zookeeper.ClaimStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A claim that nobody holds, as the reason for a takeover.
 *
 * @param peer whose place is taken, for people to read
 * @param address where the last holder was watched, or empty
 * @param cause {@code CLAIM_ENDED}, or {@code UNCLAIMED} where no holder was seen
 * @param holder the last holder's name, or empty
 */
record ClaimEnd(String peer, String address, String cause, String holder) {
  /** Judges a claim by its status; a source that held it is at its address. */
  static ClaimEnd of(ClaimStatus vacant, boolean seen, String source) {
    String holder = vacant.holder().orElse("");
    String address = holder.isEmpty() || vacant.isSource() ? source : vacant.address().orElse("");
    return new ClaimEnd(
        address.isEmpty() ? holder : address, address, seen ? "CLAIM_ENDED" : "UNCLAIMED", holder);
  }

  Map<String, String> toEnvironment() {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("KEEPALIVE_PEER", address);
    environment.put("KEEPALIVE_CAUSE", cause);
    environment.put("KEEPALIVE_HOLDER", holder);
    environment.put("KEEPALIVE_ERRNO", "");
    environment.put("KEEPALIVE_LAST_HEARD_MS", "");
    environment.put("KEEPALIVE_LOCAL", "");
    return environment;
  }

  Occasion occasion(Claim claim) {
    Map<String, String> environment = toEnvironment();
    claim.token().ifPresent(token -> environment.put("KEEPALIVE_TOKEN", Long.toString(token)));
    return new Occasion(peer, Optional.of(claim), this::failover, () -> environment);
  }

  private Event failover() {
    return GuardEvent.ofClaimEnd(Event.Type.FAILOVER, peer, cause, Map.of(), text());
  }

  Event declined(String reason) {
    return GuardEvent.ofClaimEnd(
        Event.Type.DECLINED,
        peer,
        cause,
        Map.of("reason", reason),
        text() + ", but no takeover: " + reason);
  }

  private String text() {
    return cause + (holder.isEmpty() ? "" : ", the claim of " + holder + " has ended");
  }
}
