package com.example.standby;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.Failure;
import io.github.keepalive4j.testkit.event.Failovers;
import io.github.keepalive4j.testkit.event.Failures;
import io.github.keepalive4j.testkit.event.TestClaim;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServiceStartTest {
  @Test
  void theServiceRunsWhileTheClaimStands() throws Exception {
    ServiceStart callback = new ServiceStart(List.of("sleep", "60"));
    InetSocketAddress source = new InetSocketAddress("192.0.2.1", 9999);

    Failure failure = Failures.timedOut(source).silence(Duration.ofSeconds(5)).build();
    TestClaim claim = TestClaim.withToken(7);
    callback.onFailover(Failovers.of(failure).claim(claim).build());
    assertTrue(callback.running().isPresent());

    claim.lose("the lease ended");
    assertTrue(callback.running().isEmpty());
  }
}
