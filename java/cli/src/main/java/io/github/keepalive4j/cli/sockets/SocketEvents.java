package io.github.keepalive4j.cli.sockets;

import io.github.keepalive4j.TcpInfo;
import io.github.keepalive4j.cli.output.Event;
import io.github.keepalive4j.internal.AddressText;
import io.github.keepalive4j.internal.sockets.SocketOptions;
import io.github.keepalive4j.sockets.SocketRule;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is told of sockets. The peer is the remote address, and empty for a listener. */
final class SocketEvents {
  private SocketEvents() {}

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
    details.put("lastHeardMs", connected ? info.silence().toMillis() : null);
    details.put("hangMs", hang(socket));
    return Event.of(Event.Type.SOCKET, peer(socket), details, SocketText.of(socket));
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
  static Event governed(
      TargetProcess process, SocketView socket, SocketRule rule, SocketOptions options) {
    Map<String, Object> details = names(process, socket);
    details.put("withinMs", rule.within().toMillis());
    addOptions(details, options);
    String text =
        line(socket)
            + "finds a dead peer within "
            + TimeText.of(rule.within())
            + ": "
            + SocketText.options(options);
    return Event.of(Event.Type.GOVERNED, peer(socket), details, text);
  }

  /** A socket of which nothing was acknowledged for longer than its rule allows. */
  static Event stuck(TargetProcess process, SocketView socket, Duration time, boolean ended) {
    Map<String, Object> details = names(process, socket);
    details.put("inFlightMs", time.toMillis());
    details.put("ended", ended);
    String text =
        line(socket)
            + "nothing acknowledged for "
            + TimeText.of(time)
            + (ended ? ": ended" : ": --end-stuck ends it");
    return Event.of(Event.Type.STUCK, peer(socket), details, text);
  }

  private static String line(SocketView socket) {
    return "  fd "
        + socket.fd()
        + "  "
        + AddressText.of(socket.local())
        + " -> "
        + peer(socket)
        + "  ";
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
