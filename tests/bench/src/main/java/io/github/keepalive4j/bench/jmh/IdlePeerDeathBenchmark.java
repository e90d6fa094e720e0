package io.github.keepalive4j.bench.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Measurement;

/** Links that have been idle for 5 s, in a process that has been idle for 5 s. */
@Measurement(iterations = 1, time = 60)
public class IdlePeerDeathBenchmark extends DeathBenchmark {
  private static final long IDLE_NS = TimeUnit.SECONDS.toNanos(5);

  @Override
  long restNs() {
    return IDLE_NS + settlingNs();
  }
}
