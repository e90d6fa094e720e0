package io.github.keepalive4j.bench.jmh;

import io.github.keepalive4j.bench.measure.Trial;
import io.github.keepalive4j.bench.peer.Ending;
import io.github.keepalive4j.bench.peer.Killer;
import io.github.keepalive4j.bench.subject.Contender;
import io.github.keepalive4j.bench.subject.Stamps;
import io.github.keepalive4j.bench.subject.Subject;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measurement 1, one subject at a time, for {@code -prof gc} and the like. JMH's own time includes
 * the killer's pauses. The counter {@code latencyNs} is the sum of the times from close(2) to the
 * stamp.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 500)
@Measurement(iterations = 1000)
@Fork(1)
@State(Scope.Benchmark)
public class PeerDeathBenchmark {
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

  /** How the connection ends. */
  @Param({"RESET", "FIN"})
  public Ending ending;

  private Killer killer;
  private Subject watcher;
  private Trial trial;
  private int slot;

  /** The times that the trials measure themselves. */
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class Latency {
    public long latencyNs;
  }

  @Setup(Level.Trial)
  public void open() throws IOException {
    Stamps stamps = new Stamps(1);
    killer = new Killer();
    watcher = Contender.of(subject).open(stamps);
    trial = new Trial(killer, stamps, new Random());
  }

  @Setup(Level.Invocation)
  public void connect() throws IOException {
    trial.clear();
    slot = trial.prepare(watcher);
  }

  @Benchmark
  public long peerDies(Latency latency) throws IOException {
    latency.latencyNs = trial.kill(slot, ending);
    return latency.latencyNs;
  }

  @TearDown(Level.Trial)
  public void close() throws IOException {
    trial.close();
    watcher.close();
    killer.close();
  }
}
