package io.github.keepalive4j.soak.matrix;

import io.github.keepalive4j.soak.fault.ActiveFault;
import io.github.keepalive4j.soak.fault.Expectation;
import io.github.keepalive4j.soak.program.BackupEvent;
import java.util.List;
import java.util.Optional;

/**
 * What one link reported in one row.
 *
 * @param events all, in the order in which they were reported
 * @param faults what was injected
 */
record Cell(Row row, Column column, List<BackupEvent> events, List<ActiveFault> faults) {
  Expectation expectation() {
    return row.expectation(column);
  }

  boolean has(String event) {
    return events.stream().anyMatch(each -> each.what().equals(event));
  }

  Optional<BackupEvent> first(String event) {
    return events.stream().filter(each -> each.what().equals(event)).findFirst();
  }

  Optional<BackupEvent> failover() {
    return first(BackupEvent.FAILOVER);
  }

  /** Returns the time from the decisive fault to the verdict. */
  Optional<Long> detectionNs() {
    return failover().map(failover -> failover.atNs() - decisive().effectiveNs());
  }

  /** Returns the fault that ends the link according to the model. */
  ActiveFault decisive() {
    return faults.get(expectation().decisive());
  }

  @Override
  public String toString() {
    long startNs = faults.get(0).effectiveNs();
    List<String> timed =
        events.stream()
            .map(event -> event + " at " + (event.atNs() - startNs) / 1_000_000)
            .toList();
    return row + " | " + column + " | in ms since the first fault: " + timed;
  }
}
