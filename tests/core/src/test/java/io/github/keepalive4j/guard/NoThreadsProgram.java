package io.github.keepalive4j.guard;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.KeepaliveException;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.TakeoverGuard;
import io.github.keepalive4j.Watch;
import io.github.keepalive4j.support.FailingSource;
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

  private NoThreadsProgram() {}

  public static void main(String[] args) throws Exception {
    Path noThreads = Path.of(System.getenv("NO_THREADS"));
    System.out.println("called back on " + callbackThread(noThreads).replaceAll("\\d+", "N"));
    System.out.println(end(noThreads, request -> Claim.lasting("quick")));
    System.out.println(
        end(
            noThreads,
            request -> {
              Thread.sleep(TIMEOUT.toMillis());
              return Claim.lasting("late");
            }));
    System.out.println(refusalOfAProbedLink(noThreads).replaceFirst("\\d+", "N"));
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

  private static String end(Path noThreads, TakeoverGuard guard) throws Exception {
    try (FailingSource source = new FailingSource();
        KeepaliveMonitor monitor =
            KeepaliveMonitor.builder().executor(Runnable::run).guard(guard, TIMEOUT).open()) {
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
