package io.github.keepalive4j.cli.output;

import io.github.keepalive4j.Failure;
import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.LinkListener;
import io.github.keepalive4j.LocalTrouble;
import io.github.keepalive4j.RefusalReason;
import io.github.keepalive4j.internal.AddressText;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Something that happened to a link, with the time when the event was made. A {@link Type#SOCKET}
 * has the time when the socket was read.
 *
 * @param type what happened
 * @param peer the other end; of {@link Type#LISTENING}, {@link Type#WAITING} and {@link
 *     Type#METRICS} the own address, of {@link Type#CHECK} what was examined, empty for this
 *     machine and for a {@link Type#SOCKET} without a peer
 * @param at the time of day
 * @param monotonicNs the same instant on {@link System#nanoTime()}'s clock
 * @param details further fields, by name; values are strings, numbers, booleans, null, and lists
 *     and maps of these
 * @param text the same as text for people
 */
public record Event(
    Type type,
    String peer,
    Instant at,
    long monotonicNs,
    Map<String, Object> details,
    String text) {

  public enum Type {
    WAITING,
    LISTENING,
    CONNECTED,
    UP,
    SUSPECT,
    RECOVERED,
    CONFIRMED,
    ARMED,
    NOT_ARMED,
    GRANTED,
    DECLINED,
    HELD,
    FAILOVER,
    TAKEOVER,
    CLAIM_LOST,
    WORKLOAD_ENDED,
    FAILSAFE,
    JOURNAL_LATE,
    CLOSED,
    REFUSED,
    METRICS,
    CHECK,
    SOCKET,
    GOVERNED,
    SET_AGAIN,
    SPARED,
    STUCK,
    DEAD_PEER,
    WARNING,
    ERROR;

    /** The event's name in JSON and for people. */
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Returns the same event of another time. */
  public Event of(Instant time, long timeNs) {
    return new Event(type, peer, time, timeNs, details, text);
  }

  /** A source that doesn't serve yet: its workload doesn't run, or nobody grants it the claim. */
  public static Event waiting(String address, String reason) {
    return of(Type.WAITING, address, Map.of("reason", reason), reason);
  }

  public static Event listening(InetSocketAddress address) {
    return of(Type.LISTENING, AddressText.of(address), Map.of(), extent(address.getAddress()));
  }

  private static String extent(InetAddress address) {
    if (!address.isAnyLocalAddress()) {
      return "";
    }
    return address instanceof Inet6Address ? "all addresses, IPv6 and IPv4" : "all IPv4 addresses";
  }

  /** The end of what a source stands for. Its backups have been told. */
  public static Event workloadEnded(InetSocketAddress address, String reason) {
    return of(Type.WORKLOAD_ENDED, AddressText.of(address), Map.of("reason", reason), reason);
  }

  public static Event connected(InetSocketAddress backup) {
    return of(Type.CONNECTED, AddressText.of(backup), Map.of(), "");
  }

  public static Event up(KeepaliveSocket link) {
    long worstCaseMs = link.options().worstCaseDetection().toMillis();
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("worstCaseMs", worstCaseMs);
    details.put("options", link.options().toString());
    return of(
        Type.UP,
        AddressText.of(link.peer()),
        details,
        "a silent source is detected within " + worstCaseMs + " ms");
  }

  public static Event suspect(InetSocketAddress source, int probes) {
    return of(
        Type.SUSPECT,
        AddressText.of(source),
        Map.of("probes", probes),
        probes + (probes == 1 ? " probe" : " probes") + " unanswered");
  }

  public static Event recovered(InetSocketAddress source) {
    return of(Type.RECOVERED, AddressText.of(source), Map.of(), "");
  }

  /** A source that ended a link and has answered since, so that there is no failover. */
  public static Event confirmed(LinkListener.Confirmation confirmation) {
    Failure failure = confirmation.failure();
    long tookMs = confirmation.time().toMillis();
    Map<String, Object> details = verdict(failure);
    details.put("tookMs", tookMs);
    return of(
        Type.CONFIRMED,
        confirmation.peerText(),
        details,
        verdictText(failure) + ", and the source answered again after " + tookMs + " ms");
  }

  public static Event failover(Failure failure) {
    return ofVerdict(Type.FAILOVER, failure, Map.of(), "");
  }

  /** Makes an event with the verdict and what followed from it. */
  public static Event ofVerdict(
      Type type, Failure failure, Map<String, Object> outcome, String outcomeText) {
    Optional<LocalTrouble> local = failure.checkLocalTrouble();
    Map<String, Object> details = verdict(failure);
    details.put("local", local.map(LocalTrouble::name).orElse(null));
    details.putAll(outcome);
    String text =
        verdictText(failure)
            + local.map(trouble -> ", trouble on this side: " + trouble).orElse("")
            + outcomeText;
    return of(type, AddressText.of(failure.peer()), details, text);
  }

  private static Map<String, Object> verdict(Failure failure) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("cause", failure.cause().name());
    details.put("errno", failure.errnoName().orElse(null));
    details.put("lastHeardMs", failure.silence().map(Duration::toMillis).orElse(null));
    details.put("verdictNs", failure.verdictNs());
    return details;
  }

  private static String verdictText(Failure failure) {
    return failure.cause()
        + failure.errnoName().map(name -> " (" + name + ")").orElse("")
        + failure
            .silence()
            .map(silence -> ", last heard " + silence.toMillis() + " ms ago")
            .orElse("");
  }

  /** The end of a connection without a failover. */
  public static Event closed(InetSocketAddress peer, FailureCause cause) {
    return of(Type.CLOSED, AddressText.of(peer), Map.of("cause", cause.name()), cause.name());
  }

  /** A connection that wasn't accepted, the {@code refusals}th since the start. */
  public static Event refused(InetSocketAddress peer, RefusalReason refusal, long refusals) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("refusal", refusal.name());
    details.put("refusals", refusals);
    return of(Type.REFUSED, AddressText.of(peer), details, refusal + ", " + refusals + " so far");
  }

  /** Where the metrics are served; {@code peer} is the own address, too. */
  public static Event metrics(InetSocketAddress address) {
    String url = "http://" + AddressText.of(address) + "/metrics";
    return of(Type.METRICS, AddressText.of(address), Map.of("url", url), url);
  }

  public static Event error(String peer, String message) {
    return of(Type.ERROR, peer, Map.of("message", message), message);
  }

  public static Event warning(String peer, String message) {
    return of(Type.WARNING, peer, Map.of("message", message), message);
  }

  public static Event violation(InetSocketAddress peer, int octet) {
    return error(
        AddressText.of(peer), String.format("sent 0x%02X, which the link doesn't know", octet));
  }

  public static Event of(Type type, String peer, Map<String, Object> details, String text) {
    return new Event(
        type, peer, Instant.now(), System.nanoTime(), Collections.unmodifiableMap(details), text);
  }
}
