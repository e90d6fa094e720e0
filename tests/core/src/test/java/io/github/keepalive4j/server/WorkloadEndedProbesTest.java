package io.github.keepalive4j.server;

import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.Liveness;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same on links with probes, which only the shim has. */
class WorkloadEndedProbesTest {
  @ParameterizedTest
  @EnumSource(Liveness.class)
  void aBackupWithProbesTakesOverWhenTheWorkloadEnds(Liveness liveness) throws Exception {
    WorkloadEndedTest.awaitFailure(
        KeepaliveOptions.detectWithin(Duration.ofSeconds(2), liveness),
        FailureCause.WORKLOAD_ENDED);
  }
}
