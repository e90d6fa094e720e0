package io.github.keepalive4j.soak.run;

import io.github.keepalive4j.soak.check.History;
import io.github.keepalive4j.soak.check.Spell;
import io.github.keepalive4j.soak.check.Trouble;
import io.github.keepalive4j.soak.load.Footprint;
import io.github.keepalive4j.soak.load.LoadProgram;
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

/** Plays a soak. */
public final class Soak {
  /** For all verdicts on the last troubles to have been told. */
  private static final long SETTLING_MS = 8_000;

  /** For the last links that were opened to be accepted. */
  private static final long ACCEPTING_MS = 1_500;

  private static final Duration EMPTY_WITHIN = Duration.ofSeconds(10);

  private final Plan plan;
  private final Stage stage;
  private final Ledger ledger;

  private Soak(Plan plan, Stage stage) {
    this.plan = plan;
    this.stage = stage;
    this.ledger = new Ledger(stage);
  }

  /** Plays a soak to its end, and leaves its files in the plan's directory. */
  public static Result run(Plan plan) throws IOException, InterruptedException {
    Files.createDirectories(plan.directory());
    Result result;
    try (Stage stage = Stage.open(plan)) {
      result = new Soak(plan, stage).run();
    }
    new Report(plan, result).write();
    return result;
  }

  private Result run() throws IOException, InterruptedException {
    long startNs = System.nanoTime();
    trouble();
    long endNs = System.nanoTime();
    TimeUnit.MILLISECONDS.sleep(SETTLING_MS);
    endAll();
    stage.end();
    History history = History.read(file(LoadProgram.EVENTS_FILE), ledger.spells());
    return Result.of(history, footprints(), startNs, endNs);
  }

  private void trouble() throws IOException, InterruptedException {
    Random seeds = new Random(plan.seed());
    CountDownLatch over = new CountDownLatch(1);
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      List<Future<Void>> lanes = new ArrayList<>();
      for (int source = Spell.ALL; source < Plan.SOURCES; source++) {
        lanes.add(threads.submit(new Lane(stage, ledger, source, seeds.nextLong(), over)));
      }
      awaitEnd(lanes);
      over.countDown();
      for (Future<Void> lane : lanes) {
        lane.get();
      }
    } catch (ExecutionException e) {
      throw new IOException("a trouble couldn't be made or undone", e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  /** Lanes end by themselves when they are told to, or when they fail. */
  private void awaitEnd(List<Future<Void>> lanes) throws InterruptedException {
    long endNs = System.nanoTime() + plan.length().toNanos();
    while (System.nanoTime() < endNs && lanes.stream().noneMatch(Future::isDone)) {
      TimeUnit.NANOSECONDS.sleep(
          Math.min(TimeUnit.SECONDS.toNanos(1), Math.max(0, endNs - System.nanoTime())));
    }
  }

  /** A link whose failure was lost is silent for ever; so all are made to fail at last. */
  private void endAll() throws IOException, InterruptedException {
    stage.calm();
    TimeUnit.MILLISECONDS.sleep(ACCEPTING_MS);
    for (int source = 0; source < Plan.SOURCES; source++) {
      ledger.end(Trouble.KILL, source);
    }
    stage.awaitEmpty(EMPTY_WITHIN);
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
