package io.github.keepalive4j;

import io.github.keepalive4j.support.FailingSource;
import io.github.keepalive4j.support.LinkPair;
import java.lang.management.ClassLoadingMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Tells in a process of its own how many classes the first failure has to wait for. */
final class FirstFailureProgram {
  private static final ClassLoadingMXBean CLASSES = ManagementFactory.getClassLoadingMXBean();

  private FirstFailureProgram() {}

  public static void main(String[] args) throws Exception {
    Executor own = Runnable::run;
    KeepaliveMonitor.Builder builder = KeepaliveMonitor.builder();
    if (Boolean.getBoolean("own")) {
      builder.executor(own);
    }
    try (FailingSource source = new FailingSource();
        LinkPair unwatched = source.connect();
        LinkPair pair = source.connect();
        KeepaliveMonitor monitor = builder.open()) {
      CompletableFuture<Long> loaded = new CompletableFuture<>();
      monitor.watch(pair.link(), failure -> loaded.complete(CLASSES.getTotalLoadedClassCount()));
      unwatched.reset();
      long before = CLASSES.getTotalLoadedClassCount();
      pair.reset();
      System.out.println(loaded.join() - before);
    }
  }
}
