package io.github.keepalive4j.cli.watch;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.Failover;
import io.github.keepalive4j.cli.output.Event;
import io.github.keepalive4j.internal.AddressText;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a backup takes over for: the failure of a link, or the end of another holder's claim.
 *
 * @param peer whose place is taken, for people to read
 * @param claim the guard's claim; empty without a guard
 * @param event tells it, made when it is asked for
 * @param environment what a command is told, judged when it is asked for
 */
record Occasion(
    String peer,
    Optional<Claim> claim,
    Supplier<Event> event,
    Supplier<Map<String, String>> environment) {

  static Occasion of(Failover failover) {
    return new Occasion(
        AddressText.of(failover.failure().peer()),
        failover.claim(),
        () -> Event.failover(failover.failure()),
        failover::toEnvironment);
  }

  Map<String, String> toEnvironment() {
    return environment.get();
  }
}
