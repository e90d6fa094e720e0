package io.github.keepalive4j.cli.watch;

import io.github.keepalive4j.cli.guard.Guards;
import io.github.keepalive4j.cli.values.HostAndPort;
import io.github.keepalive4j.zookeeper.ClaimStatus;
import java.net.InetSocketAddress;
import java.util.Optional;
import picocli.CommandLine.TypeConversionException;

/**
 * Whom a backup watches: the source, or another backup that took over and advertises where it
 * serves. Thread-safe.
 */
final class Target {
  private final HostAndPort source;
  private final HostAndPort own; // null for none
  private final Guards guards;
  private volatile HostAndPort current;

  /**
   * Makes a target, which is the source at first.
   *
   * @param own what this backup advertises itself: it never watches that; null for nothing
   */
  Target(HostAndPort source, HostAndPort own, Guards guards) {
    this.source = source;
    this.own = own;
    this.guards = guards;
    this.current = source;
  }

  /** Chooses where the next link goes. To be called before the guard is armed for it. */
  void choose(Optional<ClaimStatus> winner) {
    Optional<HostAndPort> advertised = winner.flatMap(this::advertised);
    current = advertised.orElse(source);
    guards.linkTo(advertised.isPresent() ? winner.flatMap(ClaimStatus::address).orElse("") : "");
  }

  /** Tells whether a winner advertises another address than that of the latest choice. */
  boolean hasMoved(Optional<ClaimStatus> winner) {
    return winner.flatMap(this::advertised).filter(now -> !now.equals(current)).isPresent();
  }

  private Optional<HostAndPort> advertised(ClaimStatus winner) {
    return winner.address().flatMap(Target::parse).filter(address -> !address.equals(own));
  }

  /** What another version has written may have another form. */
  private static Optional<HostAndPort> parse(String text) {
    try {
      return Optional.of(new HostAndPort.Converter().convert(text));
    } catch (TypeConversionException e) {
      return Optional.empty();
    }
  }

  InetSocketAddress resolve() {
    return current.resolve();
  }

  /** Tells whether it is the source that is watched. */
  boolean isSource() {
    return current.equals(source);
  }

  @Override
  public String toString() {
    return current.toString();
  }
}
