package io.github.keepalive4j.soak.run;

import io.github.keepalive4j.soak.check.FaultInterval;
import io.github.keepalive4j.soak.check.History;
import io.github.keepalive4j.soak.check.InjectedFault;
import io.github.keepalive4j.soak.load.Footprint;
import io.github.keepalive4j.soak.load.LoadProgram;
import io.github.keepalive4j.soak.program.Testbed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs a soak. */
public final class Soak {
  /** How long the verdicts on the last faults may take. */
  private static final long SETTLING_MS = 8_000;

  /** How long the sources may take to accept the last links. */
  private static final long ACCEPTING_MS = 1_500;

  private static final Duration EMPTY_WITHIN = Duration.ofSeconds(10);

  private final Plan plan;
  private final Testbed testbed;
  private final LoadBackup backup;
  private final FaultLog log;

  private Soak(Plan plan, Testbed testbed) {
    this.plan = plan;
    this.testbed = testbed;
    this.backup = new LoadBackup(testbed.backup());
    this.log = new FaultLog(testbed);
  }

  /** Runs a soak to its end and writes its files to the plan's directory. */
  public static Result run(Plan plan) throws IOException, InterruptedException {
    Files.createDirectories(plan.directory());
    Result result;
    try (Testbed testbed =
        Testbed.open(Plan.SOURCES, (host, sources) -> LoadBackup.start(host, sources, plan))) {
      result = new Soak(plan, testbed).run();
    }
    new Report(plan, result).write();
    return result;
  }

  private Result run() throws IOException, InterruptedException {
    backup.awaitFull();
    long startNs = System.nanoTime();
    injectFaults();
    long endNs = System.nanoTime();
    TimeUnit.MILLISECONDS.sleep(SETTLING_MS);
    endAll();
    backup.end();
    History history = History.read(file(LoadProgram.EVENTS_FILE), log.intervals());
    return Result.of(history, footprints(), startNs, endNs);
  }

  private void injectFaults() throws IOException, InterruptedException {
    Random seeds = new Random(plan.seed());
    CountDownLatch over = new CountDownLatch(1);
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      List<Future<Void>> injectors = new ArrayList<>();
      for (int source = FaultInterval.ALL; source < Plan.SOURCES; source++) {
        injectors.add(
            threads.submit(
                new FaultInjector(testbed.sources(), log, source, seeds.nextLong(), over)));
      }
      awaitEnd(injectors);
      over.countDown();
      for (Future<Void> injector : injectors) {
        injector.get();
      }
    } catch (ExecutionException e) {
      throw new IOException("a fault could not be injected or undone", e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  /** Waits for the end of the soak, or for the first injector that fails. */
  private void awaitEnd(List<Future<Void>> injectors) throws InterruptedException {
    long endNs = System.nanoTime() + plan.length().toNanos();
    while (System.nanoTime() < endNs && injectors.stream().noneMatch(Future::isDone)) {
      TimeUnit.NANOSECONDS.sleep(
          Math.min(TimeUnit.SECONDS.toNanos(1), Math.max(0, endNs - System.nanoTime())));
    }
  }

  /** Makes all links fail at last: a link whose failure was lost would be silent for ever. */
  private void endAll() throws IOException, InterruptedException {
    backup.quiesce();
    TimeUnit.MILLISECONDS.sleep(ACCEPTING_MS);
    for (int source = 0; source < Plan.SOURCES; source++) {
      log.end(InjectedFault.KILL, source);
    }
    backup.awaitEmpty(EMPTY_WITHIN);
  }

  private List<Footprint> footprints() throws IOException {
    try (Stream<String> lines = Files.lines(file(LoadProgram.FOOTPRINTS_FILE))) {
      return lines.skip(1).map(Footprint::parse).toList();
    }
  }

  private Path file(String name) {
    return plan.directory().resolve(name);
  }
}
