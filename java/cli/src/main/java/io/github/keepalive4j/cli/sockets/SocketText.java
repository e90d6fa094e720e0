package io.github.keepalive4j.cli.sockets;

import io.github.keepalive4j.TcpInfo;
import io.github.keepalive4j.internal.AddressText;
import io.github.keepalive4j.internal.sockets.SocketOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A socket in plain words. */
final class SocketText {
  private final SocketView socket;
  private final TcpInfo info;

  private SocketText(SocketView socket) {
    this.socket = socket;
    info = socket.info();
  }

  /** Returns one line, or for a socket with a peer several; all but the first are indented. */
  static String of(SocketView socket) {
    return String.join("\n      ", new SocketText(socket).lines());
  }

  private List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "  fd %-5d %-12s %s%s",
            socket.fd(),
            info.state(),
            AddressText.of(socket.local()),
            socket.remote().map(peer -> " -> " + AddressText.of(peer)).orElse("")));
    if (socket.hasPeer()) {
      lines.add(options(socket.options()));
      lines.add("if its peer died now: " + hang(socket));
    }
    if (socket.isInFlight()) {
      lines.add(inFlight());
    }
    if (socket.isHeldByThePeer()) {
      lines.add("the peer doesn't read: " + socket.queuedBytes() + " bytes wait for its window");
    }
    if (socket.isUnanswered()) {
      lines.add(unanswered());
    }
    return lines;
  }

  static String options(SocketOptions options) {
    String keepalive =
        options.keepAlive()
            ? "keepalive after "
                + seconds(options.idleSeconds())
                + ", then every "
                + seconds(options.intervalSeconds())
                + ", "
                + counted(options.count(), "probe")
            : "no keepalive";
    return keepalive
        + (options.userTimeoutMs() == 0
            ? "; no user timeout"
            : "; user timeout " + TimeText.of(Duration.ofMillis(options.userTimeoutMs())));
  }

  private static String seconds(int count) {
    return TimeText.of(Duration.ofSeconds(count));
  }

  static String hang(SocketView socket) {
    String times =
        HangTime.of(socket).entrySet().stream()
            .map(
                time ->
                    time.getKey().label()
                        + ": "
                        + most(socket, time.getKey())
                        + time.getValue().map(TimeText::of).orElse("for ever"))
            .collect(Collectors.joining("; "));
    return socket.settings().known()
        ? times
        : times + " (if tcp_retries2 is 15; its network namespace can't be read)";
  }

  private static String most(SocketView socket, HangTime.Activity activity) {
    boolean isMost = activity == HangTime.Activity.IDLE && HangTime.isKeepaliveLate(socket);
    return isMost ? "at most " : "";
  }

  private String inFlight() {
    String bytes = socket.queuedBytes() > 0 ? ", " + socket.queuedBytes() + " bytes queued" : "";
    return "in flight for "
        + (socket.hasTimes() ? "" : "at least ")
        + TimeText.of(socket.inFlightFor())
        + ": "
        + counted(info.unacked(), "segment")
        + bytes;
  }

  private String unanswered() {
    List<String> what = new ArrayList<>();
    if (info.retransmits() > 0) {
      what.add(counted(info.retransmits(), "retransmission"));
    }
    if (info.probes() > 0) {
      what.add(counted(info.probes(), "probe"));
    }
    return "nobody acknowledges: "
        + String.join(", ", what)
        + (socket.hasTimes() ? "; last heard " + TimeText.of(info.silence()) + " ago" : "");
  }

  private static String counted(long count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }
}
