package io.github.keepalive4j.soak.load;

import static io.github.keepalive4j.soak.program.BackupEvent.NO_DETAIL;

import io.github.keepalive4j.Failure;
import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.soak.program.BackupEvent;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** A thread that awaits a link's failure in short steps, and reports and closes as a monitor. */
final class SteppingObserver implements LinkObserver {
  private static final Duration STEP = Duration.ofMillis(5);

  private final String name;
  private final KeepaliveSocket link;
  private final Consumer<BackupEvent> sink;
  private final SteppingThreads threads;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean stopped;
  private volatile boolean failed;

  /** Makes an observer, for which a thread has been reserved. */
  SteppingObserver(
      String name, KeepaliveSocket link, Consumer<BackupEvent> sink, SteppingThreads threads) {
    this.name = name;
    this.link = link;
    this.sink = sink;
    this.threads = threads;
  }

  @Override
  public void begin() {
    threads.execute(this::run);
  }

  @Override
  public boolean end() {
    stopped = true;
    boolean interrupted = false;
    while (ended.getCount() > 0) {
      try {
        ended.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return !failed;
  }

  private void run() {
    try {
      write(BackupEvent.UP, NO_DETAIL);
      step().ifPresent(this::report);
    } catch (ClosedChannelException | InterruptedException e) {
      return; // its owner knows
    } catch (IOException e) {
      write(BackupEvent.VIOLATION, e.getClass().getSimpleName());
    } finally {
      ended.countDown();
    }
  }

  private Optional<Failure> step() throws IOException, InterruptedException {
    Optional<Failure> failure = Optional.empty();
    while (failure.isEmpty() && !stopped) {
      failure = link.awaitFailure(STEP);
    }
    return failure;
  }

  /** The owner may close meanwhile. So the failover counts from its verdict, which came before. */
  private void report(Failure failure) {
    failed = true;
    if (failure.cause() == FailureCause.LEFT) {
      write(BackupEvent.LEFT, NO_DETAIL);
    } else {
      long atNs = failure.verdictNs();
      String cause = failure.cause().toString();
      sink.accept(new BackupEvent(name, BackupEvent.FAILOVER, cause, atNs, atNs));
      write(BackupEvent.FAILED, failure.errnoName().orElse(NO_DETAIL));
    }
    link.close();
  }

  private void write(String event, String detail) {
    sink.accept(BackupEvent.now(name, event, detail));
  }
}
