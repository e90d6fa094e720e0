package io.github.keepalive4j.cli.doctor;

import io.github.keepalive4j.cli.doctor.Finding.Outcome;
import io.github.keepalive4j.cli.output.Messages;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A check that is reported if it hangs, and isn't waited for. */
final class TimedCheck {
  private final Check check;

  TimedCheck(Check check) {
    this.check = check;
  }

  /**
   * Runs the check on a daemon thread, which a hang leaves behind. Returns its findings, the last
   * of them a failure if it takes longer than the limit.
   */
  List<Finding> findingsWithin(Duration limit) throws InterruptedException {
    List<Finding> findings = new CopyOnWriteArrayList<>();
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread thread = new Thread(() -> run(findings, done), "doctor-" + check.name());
    thread.setDaemon(true);
    thread.start();
    try {
      done.get(limit.toNanos(), TimeUnit.NANOSECONDS);
      return List.copyOf(findings);
    } catch (TimeoutException e) {
      return with(findings, "gave no answer within " + limit.toSeconds() + " s");
    } catch (ExecutionException e) {
      return with(findings, Messages.of(e.getCause()));
    }
  }

  private void run(List<Finding> findings, CompletableFuture<Void> done) {
    try {
      check.run(findings::add);
      done.complete(null);
    } catch (Throwable e) { // a check that breaks is a failure like others
      done.completeExceptionally(e);
    }
  }

  private List<Finding> with(List<Finding> findings, String failure) {
    findings.add(check.finding(Outcome.FAILED, failure));
    return List.copyOf(findings);
  }
}
