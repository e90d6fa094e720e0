package io.github.keepalive4j.guard;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.TakeoverGuard;
import io.github.keepalive4j.Watch;
import io.github.keepalive4j.support.FailingSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Says how a guarded watch ends while no thread can be made, with a quick and a late guard. */
final class NoThreadsProgram {
  private static final Duration TIMEOUT = Duration.ofMillis(200);

  private NoThreadsProgram() {}

  public static void main(String[] args) throws Exception {
    Path noThreads = Path.of(System.getenv("NO_THREADS"));
    System.out.println(end(noThreads, request -> Claim.lasting("quick")));
    System.out.println(
        end(
            noThreads,
            request -> {
              Thread.sleep(TIMEOUT.toMillis());
              return Claim.lasting("late");
            }));
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
