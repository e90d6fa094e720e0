package io.github.keepalive4j.qemu;

import java.util.List;
import java.util.Optional;

/** What both sides of a COLO pair do to leave COLO. */
abstract class ColoAction extends SerializedAction {

  private static final QmpCommand LOST_HEARTBEAT = QmpCommand.of("x-colo-lost-heartbeat");

  private final String role;

  ColoAction(String role) {
    super("colo-" + role);
    this.role = role;
  }

  /** Returns the commands that free QEMU's resources before it leaves COLO. */
  abstract List<QmpCommand> preparations();

  @Override
  final Takeover run(TakeoverRun run) throws TakeoverException, InterruptedException {
    ColoStatus status = run.query(ColoStatus.QUERY, ColoStatus::of);
    if (status.hasLeft(role)) {
      run.awaitRunning();
      return run.alreadyDone();
    }
    if (!status.isIn(role)) {
      throw run.refused("QEMU is no COLO " + role + ": " + status, null);
    }
    for (QmpCommand preparation : preparations()) {
      run.attempt(preparation);
    }
    Optional<QmpException> refusal = run.attempt(LOST_HEARTBEAT);
    if (refusal.isPresent() && !run.query(ColoStatus.QUERY, ColoStatus::of).isLeaving(role)) {
      throw run.refused(refusal.get().getMessage(), refusal.get());
    }
    run.await(ColoStatus.QUERY, ColoStatus::of, now -> now.hasLeft(role));
    run.awaitRunning();
    return run.done();
  }
}
