package io.github.keepalive4j.guard;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.FenceGuard;
import io.github.keepalive4j.KeepaliveException;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.TakeoverGuard;
import io.github.keepalive4j.Watch;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.FailingSource;
import io.github.keepalive4j.support.ProcessState;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Says on which thread a watch's first callback runs while no thread can be made, and how a guarded
 * watch ends then, with a quick and a late guard, and what is said of a link that is to be probed.
 */
final class NoThreadsProgram {
  private static final Duration TIMEOUT = Duration.ofMillis(200);
  private static final Duration AMPLE = Duration.ofSeconds(30);

  private NoThreadsProgram() {}

  public static void main(String[] args) throws Exception {
    Path noThreads = Path.of(System.getenv("NO_THREADS"));
    System.out.println("called back on " + callbackThread(noThreads).replaceAll("\\d+", "N"));
    System.out.println(end(noThreads, request -> Claim.lasting("quick"), AMPLE));
    System.out.println(
        end(
            noThreads,
            request -> {
              Thread.sleep(TIMEOUT.toMillis());
              return Claim.lasting("late");
            },
            TIMEOUT));
    System.out.println(
        end(noThreads, FenceGuard.shell("exec sleep 601", AMPLE), AMPLE)
            .replaceFirst("unable.*", "no thread"));
    Eventually.await("no process", () -> childrenRunning() == 0);
    System.out.println(refusalOfAProbedLink(noThreads).replaceFirst("\\d+", "N"));
  }

  private static long childrenRunning() {
    return ProcessHandle.current()
        .children()
        .filter(child -> ProcessState.isRunning(Long.toString(child.pid())))
        .count();
  }

  private static String callbackThread(Path noThreads) throws Exception {
    CompletableFuture<String> name = new CompletableFuture<>();
    try (FailingSource source = new FailingSource();
        KeepaliveMonitor monitor = KeepaliveMonitor.open()) {
      monitor.watch(
          source.connectLink(), failover -> name.complete(Thread.currentThread().getName()));
      Files.createFile(noThreads);
      try {
        source.failOne();
        return name.get(10, TimeUnit.SECONDS);
      } finally {
        Files.delete(noThreads);
      }
    }
  }

  private static String refusalOfAProbedLink(Path noThreads) throws Exception {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (KeepaliveServer source = KeepaliveServer.open(any);
        KeepaliveSocket link =
            KeepaliveSocket.connect(
                source.localAddress(), KeepaliveOptions.detectWithin(Duration.ofMillis(500)));
        KeepaliveMonitor monitor = KeepaliveMonitor.open()) {
      Files.createFile(noThreads);
      try {
        return assertThrows(KeepaliveException.class, () -> monitor.watch(link, failover -> {}))
            .getMessage();
      } finally {
        Files.delete(noThreads);
      }
    }
  }

  private static String end(Path noThreads, TakeoverGuard guard, Duration timeout)
      throws Exception {
    try (FailingSource source = new FailingSource();
        KeepaliveMonitor monitor =
            KeepaliveMonitor.builder().executor(Runnable::run).guard(guard, timeout).open()) {
      Watch watch = monitor.watch(source.connectLink(), failover -> {});
      Files.createFile(noThreads);
      try {
        source.failOne();
        Watch.End end = watch.ended().toCompletableFuture().get(10, TimeUnit.SECONDS);
        return end.kind() + end.reason().map(reason -> ": " + reason).orElse("");
      } finally {
        Files.delete(noThreads);
      }
    }
  }
}
