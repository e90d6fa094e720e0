package io.github.keepalive4j.qemu;

import java.util.List;
import java.util.Optional;

/** What both sides of a COLO pair do to leave COLO. */
final class ColoExit implements SerializedRun.Steps {

  private static final QmpCommand LOST_HEARTBEAT = QmpCommand.of("x-colo-lost-heartbeat");

  private final String role;
  private final List<QmpCommand> preparations;

  private ColoExit(String role, List<QmpCommand> preparations) {
    this.role = role;
    this.preparations = preparations;
  }

  /**
   * Returns the runs of a side's action.
   *
   * @param role {@code primary} or {@code secondary}
   * @param preparations the commands that free QEMU's resources before it leaves COLO
   */
  static SerializedRun of(String role, List<QmpCommand> preparations) {
    return new SerializedRun("colo-" + role, new ColoExit(role, preparations));
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
    for (QmpCommand preparation : preparations) {
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
