package io.github.keepalive4j.cli.doctor;

import io.github.keepalive4j.cli.doctor.Finding.Outcome;
import io.github.keepalive4j.zookeeper.DryRun;
import io.github.keepalive4j.zookeeper.ZooKeeperGuard;
import java.time.Duration;
import java.util.function.Consumer;

/** Whether an ensemble would grant the claim. */
final class EnsembleCheck implements Check {
  private static final Duration LIMIT = Duration.ofSeconds(8);

  private final String ensemble;
  private final ZooKeeperGuard.Builder guard;

  EnsembleCheck(String ensemble, ZooKeeperGuard.Builder guard) {
    this.ensemble = ensemble;
    this.guard = guard;
  }

  @Override
  public String subject() {
    return ensemble;
  }

  @Override
  public String name() {
    return "zookeeper";
  }

  @Override
  public void run(Consumer<Finding> found) throws InterruptedException {
    DryRun run = guard.dryRun(LIMIT);
    found.accept(
        run.failure()
            .map(reason -> finding(Outcome.FAILED, "not armed: " + reason))
            .orElseGet(() -> finding(Outcome.OK, "armed: a claim would be granted")));
    for (DryRun.Step step : run.steps()) {
      found.accept(finding(step.name(), outcome(step), step.detail()));
    }
  }

  private static Outcome outcome(DryRun.Step step) {
    return switch (step.outcome()) {
      case OK -> Outcome.OK;
      case WARNING -> Outcome.WARNING;
      case FAILED -> Outcome.FAILED;
    };
  }
}
