package io.github.keepalive4j.bench.jmh;

import org.openjdk.jmh.annotations.Measurement;

/** Links that have just been set up, one after the other. */
@Measurement(iterations = 4, time = 2)
public class PeerDeathBenchmark extends DeathBenchmark {
  @Override
  long restNs() {
    return settlingNs();
  }
}
