package io.github.keepalive4j.zookeeper;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.keepalive4j.ClaimRequest;
import io.github.keepalive4j.support.NullArguments;
import io.github.keepalive4j.testkit.event.ClaimRequests;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** No method takes null. */
class NullsTest {
  private static final String NOBODY = "127.0.0.1:9";

  @Test
  void eachErrorNamesTheParameter() throws Exception {
    try (ZooKeeperGuard guard = ZooKeeperGuard.builder(NOBODY, "vm1").open()) {
      NullArguments calls =
          new NullArguments()
              .with(ZooKeeperGuard.class, () -> guard)
              .with(ClaimWatch.class, () -> guard.watchClaim(status -> {}))
              .with(ZooKeeperGuard.Builder.class, () -> ZooKeeperGuard.builder(NOBODY, "vm1"))
              .with(GuardTimeouts.class, () -> ZooKeeperGuard.builder(NOBODY, "vm1"))
              .with(DryRun.Step.class, () -> new DryRun.Step("", DryRun.Outcome.OK, ""))
              .with(OptionalLong.class, OptionalLong::empty)
              .with(ClaimRequest.class, () -> ClaimRequests.serving().build());
      assertEquals("", String.join("\n", calls.violationsBeside(ZooKeeperGuard.class)));
    }
  }
}
