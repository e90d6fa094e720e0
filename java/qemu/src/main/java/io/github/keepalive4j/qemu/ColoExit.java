package io.github.keepalive4j.qemu;

import java.util.Objects;
import java.util.Optional;

/** What both sides of a COLO pair do to leave COLO. */
final class ColoExit implements SerializedRun.Steps {

  private static final QmpCommand LOST_HEARTBEAT = QmpCommand.of("x-colo-lost-heartbeat");

  private final String role;
  private final Preparation preparation;

  /** Frees QEMU's resources before it leaves COLO. */
  interface Preparation {
    void run(TakeoverRun run) throws TakeoverException, InterruptedException;
  }

  /**
   * Makes a side's way out.
   *
   * @param role {@code primary} or {@code secondary}
   */
  ColoExit(String role, Preparation preparation) {
    this.role = role;
    this.preparation = preparation;
  }

  /** COLO fails in QEMU 10.0 and 10.1, whatever the action does. */
  static Optional<String> knownDefect(QmpGreeting qemu) {
    Objects.requireNonNull(qemu, "qemu");
    boolean broken = qemu.major() == 10 && qemu.minor() <= 1;
    return broken
        ? Optional.of("COLO is broken in QEMU 10.0 and 10.1: use another version")
        : Optional.empty();
  }

  SerializedRun asAction() {
    return new SerializedRun("colo-" + role, this);
  }

  @Override
  public Takeover run(TakeoverRun run) throws TakeoverException, InterruptedException {
    ColoStatus status = run.query(ColoStatus.QUERY, ColoStatus::of);
    if (status.hasLeft(role)) {
      run.awaitRunning();
      return run.alreadyDone();
    }
    if (!status.isIn(role)) {
      throw run.refused("QEMU is no COLO " + role + ": " + status, null);
    }
    preparation.run(run);
    Optional<QmpException> refusal = run.attempt(LOST_HEARTBEAT);
    if (refusal.isPresent() && !run.query(ColoStatus.QUERY, ColoStatus::of).isLeaving(role)) {
      throw run.refused(refusal.get().getMessage(), refusal.get());
    }
    run.await(ColoStatus.QUERY, ColoStatus::of, now -> now.hasLeft(role));
    run.awaitRunning();
    return run.done();
  }
}
