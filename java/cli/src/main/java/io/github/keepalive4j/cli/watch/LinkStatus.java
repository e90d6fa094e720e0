package io.github.keepalive4j.cli.watch;

import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.TcpInfo;
import io.github.keepalive4j.internal.AddressText;
import java.io.IOException;
import java.util.Locale;

/** A live link's state in one line. */
final class LinkStatus {
  private volatile boolean suspect;

  void suspect(boolean isSuspect) {
    suspect = isSuspect;
  }

  String of(KeepaliveSocket link) {
    return (suspect ? "suspect" : "up") + "  " + AddressText.of(link.peer()) + evidence(link);
  }

  private static String evidence(KeepaliveSocket link) {
    try {
      TcpInfo info = link.tcpInfo();
      return String.format(
          Locale.ROOT,
          "  heard %.1f s ago  probes unanswered %d  rtt %.2f ms",
          info.silence().toMillis() / 1e3,
          info.probes(),
          info.rtt().toNanos() / 1e6);
    } catch (IOException | UnsupportedOperationException e) {
      return ""; // it is closing, or the pure-JDK path can't tell
    }
  }
}
