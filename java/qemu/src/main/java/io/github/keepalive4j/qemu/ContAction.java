package io.github.keepalive4j.qemu;

import java.time.Duration;
import java.util.Map;

/**
 * Starts a paused machine. It sends {@code cont} once, then polls {@code query-status} until the
 * machine runs.
 *
 * <p>Two states are refused, because {@code cont} would succeed there and do something else. A
 * machine that waits for its migration ({@code inmigrate}) would start when the migration ends,
 * beside its source. A machine in COLO mode ({@code colo}) needs {@link ColoSecondaryAction} or
 * {@link ColoPrimaryAction}.
 */
public final class ContAction implements FailoverAction {

  private static final QmpCommand CONT = QmpCommand.of("cont");

  private static final Map<String, String> NOT_FOR_CONT =
      Map.of(
          "inmigrate", "the machine still waits for its migration (inmigrate), it has no state yet",
          "colo", "the machine is in COLO mode, which cont does not end");

  private final SerializedRun runs = new SerializedRun("cont", ContAction::takeOver);

  public ContAction() {}

  @Override
  public String name() {
    return runs.name();
  }

  @Override
  public Takeover run(QmpExecutor qemu, Duration limit)
      throws TakeoverException, InterruptedException {
    return runs.run(qemu, limit);
  }

  private static Takeover takeOver(TakeoverRun run) throws TakeoverException, InterruptedException {
    RunStatus status = run.query(RunStatus.QUERY, RunStatus::of);
    if (status.running()) {
      return run.alreadyDone();
    }
    if (NOT_FOR_CONT.containsKey(status.status())) {
      throw run.refused(NOT_FOR_CONT.get(status.status()), null);
    }
    run.require(CONT);
    run.awaitRunning();
    return run.done();
  }
}
