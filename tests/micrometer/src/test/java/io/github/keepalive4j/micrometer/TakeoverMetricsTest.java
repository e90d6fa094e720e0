package io.github.keepalive4j.micrometer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.testkit.event.TestClaim;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The metrics of what stands behind a verdict. */
class TakeoverMetricsTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  private double gauge(String name) {
    return registry.get(name).tag("source", "vm1").gauge().value();
  }

  private Set<String> names() {
    return registry.getMeters().stream()
        .map(Meter::getId)
        .map(Meter.Id::getName)
        .collect(Collectors.toSet());
  }

  @Test
  void eachGaugeFollowsWhatItAsks() {
    AtomicBoolean armed = new AtomicBoolean();
    AtomicBoolean ensemble = new AtomicBoolean();
    AtomicBoolean qmp = new AtomicBoolean();
    AtomicReference<Optional<Claim>> claim = new AtomicReference<>(Optional.empty());
    TakeoverMetrics.builder("vm1")
        .armed(armed::get)
        .ensemble(ensemble::get)
        .qmp(qmp::get)
        .claim(claim::get)
        .build()
        .bindTo(registry);
    assertEquals(0, gauge("keepalive.armed"));
    assertEquals(0, gauge("keepalive.ensemble.connected"));
    assertEquals(0, gauge("keepalive.qmp.connected"));
    assertEquals(0, gauge("keepalive.claim.held"));
    assertEquals(Double.NaN, gauge("keepalive.claim.token"));
    armed.set(true);
    assertEquals(1, gauge("keepalive.armed"));
    ensemble.set(true);
    assertEquals(1, gauge("keepalive.ensemble.connected"));
    qmp.set(true);
    assertEquals(1, gauge("keepalive.qmp.connected"));
    claim.set(Optional.of(TestClaim.withToken(42)));
    assertEquals(1, gauge("keepalive.claim.held"));
    assertEquals(42, gauge("keepalive.claim.token"));
  }

  @Test
  void whatIsNotGivenHasNoMeter() {
    TakeoverMetrics.builder("vm1").armed(() -> true).build().bindTo(registry);
    assertEquals(Set.of("keepalive.armed"), names());
  }

  @Test
  void aQuestionThatThrowsCountsAsUnknown() {
    TakeoverMetrics.builder("vm1")
        .armed(
            () -> {
              throw new IllegalStateException("as a test has it");
            })
        .build()
        .bindTo(registry);
    assertEquals(Double.NaN, gauge("keepalive.armed"));
  }
}
