package io.github.keepalive4j.cli.sockets;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.TcpInfo;
import io.github.keepalive4j.cli.output.Event;
import io.github.keepalive4j.cli.output.Messages;
import io.github.keepalive4j.internal.AddressText;
import io.github.keepalive4j.internal.sockets.SocketOptions;
import io.github.keepalive4j.sockets.SweepListener.SocketUpdate;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is told of sockets. The peer is the remote address, and empty for a listener. */
final class SocketEvents {
  private SocketEvents() {}

  /** Returns a socket as an event, with the time at which it was read. */
  static Event socket(TargetProcess process, SocketView socket) {
    TcpInfo info = socket.info();
    Map<String, Object> details = names(process, socket);
    details.put("state", info.state().name());
    addOptions(details, socket.options());
    boolean connected = socket.hasPeer();
    details.put("rtoMs", connected ? info.rto().toMillis() : null);
    details.put("retries2", socket.settings().known() ? socket.settings().retries2() : null);
    details.put("unacked", connected ? info.unacked() : 0);
    details.put("queuedBytes", socket.queuedBytes());
    details.put("sendWindow", connected ? info.sndWnd() : null);
    details.put("inFlightMs", socket.isInFlight() ? socket.inFlightFor().toMillis() : null);
    details.put("retransmits", connected ? info.retransmits() : 0);
    details.put("probes", connected ? info.probes() : 0);
    details.put("lastHeardMs", connected && socket.hasTimes() ? info.silence().toMillis() : null);
    details.put("hangMs", hang(socket));
    return Event.of(Event.Type.SOCKET, peer(socket), details, SocketText.of(socket))
        .of(socket.at(), socket.monotonicNs());
  }

  private static Map<String, Object> names(TargetProcess process, SocketView socket) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("pid", process.pid());
    details.put("process", process.name());
    details.put("fd", socket.fd());
    details.put("local", AddressText.of(socket.local()));
    return details;
  }

  private static String peer(SocketView socket) {
    return socket.remote().map(AddressText::of).orElse("");
  }

  /** A socket that was set. */
  static Event governed(TargetProcess process, SocketUpdate update) {
    SocketOptions rules = SocketOptions.of(KeepaliveOptions.forTraffic(update.rule().within()));
    SocketOptions options =
        new SocketOptions(
            rules.keepAlive(),
            rules.idleSeconds(),
            rules.intervalSeconds(),
            rules.count(),
            (int) update.userTimeout().orElse(Duration.ZERO).toMillis());
    Map<String, Object> details = names(process, update);
    addOptions(details, options);
    return event(
        Event.Type.GOVERNED,
        update,
        details,
        promise(update.rule().within(), options.userTimeoutMs() - rules.userTimeoutMs())
            + ": "
            + SocketText.options(options));
  }

  /**
   * Returns what holds by now.
   *
   * @param extraMs how much longer the user timeout is than the rule's; less than 0 if there is
   *     none
   */
  private static String promise(Duration within, int extraMs) {
    if (extraMs < 0) {
      return "the peer doesn't read or answer now, so keepalive alone was set, which doesn't run while data"
          + " waits; --watch sets the rest once it does";
    }
    return extraMs == 0
        ? "a dead peer is found within " + TimeText.of(within)
        : "the peer doesn't read now, so a dead one is found within "
            + TimeText.of(within.plus(within.dividedBy(2)));
  }

  /** A socket whose options somebody else had changed. */
  static Event setAgain(TargetProcess process, SocketUpdate update) {
    return event(
        Event.Type.SET_AGAIN, update, names(process, update), "the process had set its options");
  }

  /** A connection that goes on, because its peer answers, though it doesn't read. */
  static Event spared(TargetProcess process, SocketUpdate update) {
    return event(
        Event.Type.SPARED,
        update,
        withSilence(process, update),
        "the peer answers but doesn't read: " + update.queuedBytes() + " bytes wait");
  }

  /** A connection of which nothing was acknowledged for longer than its rule allows. */
  static Event stuck(TargetProcess process, SocketUpdate update) {
    Map<String, Object> details = withSilence(process, update);
    details.put("ended", update.isEnded());
    return event(
        Event.Type.STUCK,
        update,
        details,
        silence(update) + (update.isEnded() ? ": ended" : ": --end-stuck ends it"));
  }

  /** A socket that the kernel didn't let be set. */
  static Event refused(SocketUpdate update) {
    String why = update.cause().map(Messages::of).orElse("refused");
    return Event.error(AddressText.of(update.remote()), why);
  }

  /** A connection that the kernel has ended. */
  static Event deadPeer(TargetProcess process, SocketUpdate update) {
    return event(
        Event.Type.DEAD_PEER,
        update,
        withSilence(process, update),
        silence(update) + ": the kernel has ended it");
  }

  private static String silence(SocketUpdate update) {
    return "the peer was silent for " + TimeText.of(update.silence());
  }

  private static Map<String, Object> names(TargetProcess process, SocketUpdate update) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("pid", process.pid());
    details.put("process", process.name());
    details.put("local", AddressText.of(update.local()));
    details.put("withinMs", update.rule().within().toMillis());
    return details;
  }

  private static Map<String, Object> withSilence(TargetProcess process, SocketUpdate update) {
    Map<String, Object> details = names(process, update);
    details.put("silenceMs", update.silence().toMillis());
    details.put("queuedBytes", update.queuedBytes());
    return details;
  }

  private static Event event(
      Event.Type type, SocketUpdate update, Map<String, Object> details, String text) {
    String from = "from " + AddressText.of(update.local()) + ": ";
    return Event.of(type, AddressText.of(update.remote()), details, from + text);
  }

  private static void addOptions(Map<String, Object> details, SocketOptions options) {
    details.put("keepAlive", options.keepAlive());
    details.put("idleS", options.idleSeconds());
    details.put("intervalS", options.intervalSeconds());
    details.put("count", options.count());
    details.put("userTimeoutMs", options.userTimeoutMs());
  }

  private static Map<String, Object> hang(SocketView socket) {
    Map<String, Object> times = new LinkedHashMap<>();
    HangTime.of(socket)
        .forEach(
            (activity, time) ->
                times.put(activity.label(), time.map(Duration::toMillis).orElse(null)));
    return times;
  }
}
