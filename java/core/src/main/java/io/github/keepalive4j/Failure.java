package io.github.keepalive4j;

import io.github.keepalive4j.internal.AddressText;
import io.github.keepalive4j.internal.Errno;
import io.github.keepalive4j.internal.LinkEvent;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The end of a link, with the evidence for it. Immutable.
 *
 * <p>A timeout says "unreachable from here", not "dead": from one side of a link nobody can tell
 * the two apart.
 */
public final class Failure {
  private final KeepaliveSocket link;
  private final LinkEvent event;
  private final long callbackNs;

  Failure(KeepaliveSocket link, LinkEvent event, long callbackNs) {
    this.link = link;
    this.event = event;
    this.callbackNs = callbackNs;
  }

  /** Returns this failure with the time at which the callback was called. */
  Failure calledAt(long nowNs) {
    return new Failure(link, event, nowNs);
  }

  /** Returns the link that failed. A monitor closes it once the callback has returned. */
  public KeepaliveSocket link() {
    return link;
  }

  /** Returns the source's address. */
  public InetSocketAddress peer() {
    return link.peer();
  }

  /** Returns why the link failed. */
  public FailureCause cause() {
    return switch (event.type()) {
      case LEFT -> FailureCause.LEFT;
      case VIOLATION -> FailureCause.VIOLATED;
      default -> event.cause();
    };
  }

  /**
   * Returns the socket's pending error, as errno(3) numbers it.
   *
   * @return the errno, or empty where the kernel records none, as with a FIN
   */
  public OptionalInt errno() {
    return event.errno() == 0 ? OptionalInt.empty() : OptionalInt.of(event.errno());
  }

  /**
   * Returns the name of {@link #errno()}.
   *
   * @return for example {@code ETIMEDOUT}, or empty where there is no errno
   */
  public Optional<String> errnoName() {
    return event.errno() == 0 ? Optional.empty() : Optional.of(Errno.nameOf(event.errno()));
  }

  /**
   * Returns when the source's kernel was last heard, on {@link System#nanoTime()}'s clock and in
   * steps of the kernel's jiffy (1 to 10 ms).
   *
   * @return the time in ns, or empty on the pure-JDK path, which can't tell
   */
  public OptionalLong lastHeardNs() {
    return event.evidence().lastHeardNs();
  }

  /**
   * Returns when the verdict fell, on {@link System#nanoTime()}'s clock.
   *
   * @return the time in ns
   */
  public long verdictNs() {
    return event.verdictNs();
  }

  /**
   * Returns for how long the source's kernel had been silent at the verdict.
   *
   * @return the silence in steps of the kernel's jiffy, or empty on the pure-JDK path, which can't
   *     tell
   */
  public Optional<Duration> silence() {
    OptionalLong lastHeardNs = lastHeardNs();
    return lastHeardNs.isEmpty()
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(Math.max(0, verdictNs() - lastHeardNs.getAsLong())));
  }

  /**
   * Returns when the callback was called, or {@link KeepaliveSocket#awaitFailure} returned, on
   * {@link System#nanoTime()}'s clock.
   *
   * @return the time in ns
   */
  public long callbackNs() {
    return callbackNs;
  }

  /**
   * Returns the byte that the link doesn't know.
   *
   * @return the byte, 0 to 255; empty unless the cause is {@link FailureCause#VIOLATED}
   */
  public OptionalInt octet() {
    return event.type() == LinkEvent.Type.VIOLATION
        ? OptionalInt.of(event.octet())
        : OptionalInt.empty();
  }

  /**
   * Returns what the kernel knew of the connection at the verdict. A connection that has received a
   * FIN exists until it is closed: after {@link KeepaliveSocket#awaitFailure} with the cause {@link
   * FailureCause#CLOSED} this is what the kernel knows when it is first asked for.
   *
   * @return the snapshot, or empty on the pure-JDK path
   */
  public Optional<TcpInfo> tcpInfo() {
    return Optional.ofNullable(event.evidence().tcpInfo());
  }

  /**
   * Tells whether the trouble is on this side: the link's local address is gone, or this host has
   * no route to the source, as when its interface is down. Then the source may well live, and the
   * backup may decline to take over. The check is made now, by the routing table of the calling
   * thread's network namespace, with the link's mark, device, addresses and ports. It sends
   * nothing.
   *
   * <p>Where a sandbox refuses netlink sockets, and on the pure-JDK path, it asks for UDP's route:
   * rules for TCP or for ports don't count.
   *
   * @return what is wrong here, or empty if nothing is known to be
   */
  public Optional<LocalTrouble> checkLocalTrouble() {
    return link.localTrouble();
  }

  /**
   * Returns the failure as environment variables, for a command that fences the source.
   *
   * @return {@code KEEPALIVE_PEER} and the others of {@link Failover#toEnvironment}, without a
   *     token; the map is the caller's to change
   */
  public Map<String, String> toEnvironment() {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("KEEPALIVE_PEER", AddressText.of(peer()));
    environment.put("KEEPALIVE_CAUSE", cause().name());
    environment.put("KEEPALIVE_ERRNO", errnoName().orElse(""));
    environment.put(
        "KEEPALIVE_LAST_HEARD_MS",
        silence().map(silence -> Long.toString(silence.toMillis())).orElse(""));
    environment.put("KEEPALIVE_LOCAL", checkLocalTrouble().map(LocalTrouble::name).orElse(""));
    return environment;
  }

  @Override
  public String toString() {
    return "Failure["
        + peer()
        + " "
        + cause()
        + errnoName().map(name -> " " + name).orElse("")
        + "]";
  }
}
