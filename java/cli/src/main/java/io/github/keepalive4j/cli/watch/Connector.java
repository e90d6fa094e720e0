package io.github.keepalive4j.cli.watch;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.cli.output.Event;
import io.github.keepalive4j.cli.output.Messages;
import io.github.keepalive4j.cli.output.Output;
import io.github.keepalive4j.cli.values.HostAndPort;
import java.io.IOException;
import java.time.Duration;

/** Connects to a source, and again after a link has ended. */
final class Connector {
  private final HostAndPort source;
  private final KeepaliveOptions options;
  private final Duration timeout;
  private final Output output;
  private final Backoff backoff = new Backoff();
  private long connectedNs;

  Connector(HostAndPort source, KeepaliveOptions options, Duration timeout, Output output) {
    this.source = source;
    this.options = options;
    this.timeout = timeout;
    this.output = output;
  }

  KeepaliveSocket connect() throws IOException {
    output.showStatus(() -> "connecting  " + source);
    KeepaliveSocket link = KeepaliveSocket.connect(source.resolve(), options, timeout);
    connectedNs = System.nanoTime();
    return link;
  }

  /**
   * Attempts to connect until it succeeds. Repeated failures with the same reason are reported
   * once.
   */
  KeepaliveSocket reconnect() throws InterruptedException {
    backoff.wentWellFor(Duration.ofNanos(System.nanoTime() - connectedNs));
    String lastFailure = "";
    while (true) {
      output.showStatus(() -> "waiting     " + source);
      Thread.sleep(backoff.next().toMillis());
      try {
        return connect();
      } catch (IOException e) {
        String reason = Messages.of(e);
        if (!reason.equals(lastFailure)) {
          output.event(Event.error(source.toString(), reason));
          lastFailure = reason;
        }
      }
    }
  }
}
