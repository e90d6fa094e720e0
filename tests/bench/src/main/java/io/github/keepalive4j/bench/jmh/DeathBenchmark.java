package io.github.keepalive4j.bench.jmh;

import io.github.keepalive4j.bench.measure.TimedDeath;
import io.github.keepalive4j.bench.subject.Contender;
import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.runner.IterationType;

/**
 * Measurement 1 by JMH: each sample is the time from the peer's close(2) or kill(2) to the
 * callback. Setting the link up, and leaving it alone, is no part of it.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 2)
@Fork(1)
@State(Scope.Benchmark)
public abstract class DeathBenchmark {
  /** A {@link Contender}'s key. */
  @Param({
    "floor",
    "floorEvidence",
    "native",
    "nativeExecutor",
    "nativeAwait",
    "jdkSelector",
    "jdkBlocking",
    "netty"
  })
  public String subject;

  /** How the peer dies. */
  @Param({"RESET", "FIN", "KILL"})
  public TimedDeath.Kind death;

  private TimedDeath peer;

  /** Returns for how long the link and the process are left alone before the next death, in ns. */
  abstract long restNs();

  /** Returns a time in which the subject falls asleep again. */
  static long settlingNs() {
    return ThreadLocalRandom.current().nextLong(300_000, 900_000);
  }

  @Setup(Level.Trial)
  public void open() throws IOException {
    peer = new TimedDeath(death, Contender.of(subject)::open);
  }

  /** While it warms up, nothing is left alone: so HotSpot compiles as much as in the report. */
  @Setup(Level.Invocation)
  public void arm(IterationParams iteration) throws IOException {
    peer.arm();
    if (iteration.getType() == IterationType.MEASUREMENT) {
      leaveAlone();
    }
  }

  private void leaveAlone() {
    long endNs = System.nanoTime() + restNs();
    while (System.nanoTime() - endNs < 0) {
      LockSupport.parkNanos(endNs - System.nanoTime());
    }
  }

  @Benchmark
  public void toCallback() throws IOException {
    peer.die();
  }

  @TearDown(Level.Trial)
  public void close() throws IOException {
    peer.close();
  }
}
