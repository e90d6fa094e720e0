package io.github.keepalive4j.zookeeper;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Tries whether one server of the ensemble takes a connection, and a TLS handshake if need be. */
final class ServerTrial {
  private static final int LIMIT_MS = 3_000;

  private final String name;
  private final CompletableFuture<DryRun.Step> step = new CompletableFuture<>();

  private ServerTrial(String name) {
    this.name = name;
  }

  /** Begins on a daemon thread, because a name server that hangs can't be interrupted. */
  static ServerTrial begin(InetSocketAddress server, @Nullable TlsTrial tls) {
    ServerTrial trial = new ServerTrial(server.getHostString() + ":" + server.getPort());
    Thread thread = new Thread(() -> trial.run(server, tls), "keepalive-server-trial");
    thread.setDaemon(true);
    thread.start();
    return trial;
  }

  private void run(InetSocketAddress server, @Nullable TlsTrial tls) {
    long startNs = System.nanoTime();
    try {
      if (tls == null) {
        connect(server);
      } else {
        tls.run(resolved(server), LIMIT_MS);
      }
      long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
      String what = tls == null ? "takes connections" : "takes connections with TLS";
      complete(DryRun.Outcome.OK, what + ", after " + tookMs + " ms");
    } catch (UnknownHostException e) {
      complete(DryRun.Outcome.WARNING, "has a name that no name server knows");
    } catch (SSLException e) {
      complete(DryRun.Outcome.WARNING, "can't be used with TLS: " + TlsTrial.reason(e));
    } catch (IOException e) {
      complete(DryRun.Outcome.WARNING, "can't be reached: " + e.getMessage());
    }
  }

  private static void connect(InetSocketAddress server) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(resolved(server), LIMIT_MS);
    }
  }

  private static InetSocketAddress resolved(InetSocketAddress server) {
    return new InetSocketAddress(server.getHostString(), server.getPort());
  }

  private void complete(DryRun.Outcome outcome, String what) {
    step.complete(new DryRun.Step("server", outcome, name + " " + what));
  }

  /** Tells whether it is known by now that the server can't be used. */
  boolean hasFailed() {
    return step.isDone() && step.join().outcome() != DryRun.Outcome.OK;
  }

  /** Returns what was found, a warning if there is no answer in time. */
  DryRun.Step await(Deadline deadline) {
    long limitNs =
        Math.max(0, Math.min(deadline.remainingNs(), TimeUnit.MILLISECONDS.toNanos(LIMIT_MS)));
    DryRun.Step late =
        new DryRun.Step(
            "server", DryRun.Outcome.WARNING, name + " gave no answer, or its name server");
    return step.completeOnTimeout(late, limitNs, TimeUnit.NANOSECONDS).join();
  }
}
