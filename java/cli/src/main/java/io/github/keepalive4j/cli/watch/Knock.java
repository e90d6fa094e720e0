package io.github.keepalive4j.cli.watch;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Finds out whether a source is there that nothing watches now. */
final class Knock {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
  private static final long LIMIT_MS = 2_000;

  private final Supplier<InetSocketAddress> source;
  private final KeepaliveOptions options;

  Knock(Supplier<InetSocketAddress> source, KeepaliveOptions options) {
    this.source = source;
    this.options = options;
  }

  /**
   * Returns within 2 s. The thread of its own is for a name server that hangs, whom nobody can
   * interrupt: a source whose name isn't resolved counts as gone.
   */
  boolean isAnswered() {
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    Thread thread = new Thread(() -> answer.complete(connects()), "knock");
    thread.setDaemon(true);
    try {
      thread.start();
    } catch (OutOfMemoryError e) { // no thread: rather late than never
      return connects();
    }
    return answer.completeOnTimeout(false, LIMIT_MS, TimeUnit.MILLISECONDS).join();
  }

  private boolean connects() {
    try (KeepaliveSocket link = KeepaliveSocket.connect(source.get(), options, CONNECT_TIMEOUT)) {
      return link.peer() != null;
    } catch (IOException e) {
      return false;
    }
  }
}
