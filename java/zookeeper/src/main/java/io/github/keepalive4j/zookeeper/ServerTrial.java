package io.github.keepalive4j.zookeeper;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Tries whether one server of the ensemble takes a connection. */
final class ServerTrial {
  private static final int LIMIT_MS = 2_000;

  private final String name;
  private final CompletableFuture<DryRun.Step> step = new CompletableFuture<>();

  private ServerTrial(String name) {
    this.name = name;
  }

  /** Begins on a daemon thread, because a name server that hangs can't be interrupted. */
  static ServerTrial begin(InetSocketAddress server) {
    ServerTrial trial = new ServerTrial(server.getHostString() + ":" + server.getPort());
    Thread thread = new Thread(() -> trial.run(server), "keepalive-server-trial");
    thread.setDaemon(true);
    thread.start();
    return trial;
  }

  private void run(InetSocketAddress server) {
    long startNs = System.nanoTime();
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(server.getHostString(), server.getPort()), LIMIT_MS);
      long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
      complete(DryRun.Outcome.OK, "takes connections, after " + tookMs + " ms");
    } catch (UnknownHostException e) {
      complete(DryRun.Outcome.WARNING, "has a name that no name server knows");
    } catch (IOException e) {
      complete(DryRun.Outcome.WARNING, "can't be reached: " + e.getMessage());
    }
  }

  private void complete(DryRun.Outcome outcome, String what) {
    step.complete(new DryRun.Step("server", outcome, name + " " + what));
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
