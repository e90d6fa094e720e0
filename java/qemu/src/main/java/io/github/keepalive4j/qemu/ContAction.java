package io.github.keepalive4j.qemu;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Starts a paused machine. It sends {@code cont} once, then polls {@code query-status} until the
 * machine runs.
 *
 * <p>{@code cont} is refused where it would start a stale copy:
 *
 * <ul>
 *   <li>{@code inmigrate}: the machine waits for its migration. It would start when that ends,
 *       beside its source.
 *   <li>{@code finish-migrate}: the machine hands its state over at this moment.
 *   <li>{@code postmigrate}: the machine's state was migrated elsewhere, so what is left here is
 *       old.
 *   <li>COLO mode, paused for a checkpoint ({@code colo}) or running: the machine needs {@link
 *       ColoSecondaryAction} or {@link ColoPrimaryAction}.
 * </ul>
 */
public final class ContAction implements FailoverAction {

  private static final QmpCommand CONT = QmpCommand.of("cont");

  private static final String IN_COLO = "the machine is in COLO mode, which cont does not end";

  private static final Map<String, String> NOT_FOR_CONT =
      Map.of(
          "inmigrate",
          "the machine still waits for its migration (inmigrate), it has no state yet",
          "finish-migrate",
          "the machine's migration to another host is ending (finish-migrate), and cont would"
              + " start a stale copy",
          "postmigrate",
          "the machine was migrated to another host (postmigrate), and cont would start a stale"
              + " copy",
          "colo",
          IN_COLO);

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
      requireNoColo(run);
      return run.alreadyDone();
    }
    if (NOT_FOR_CONT.containsKey(status.status())) {
      throw run.refused(NOT_FOR_CONT.get(status.status()), null);
    }
    run.require(CONT);
    run.awaitRunning();
    return run.done();
  }

  /** A machine in COLO runs between two checkpoints, and stops for good at the next one. */
  private static void requireNoColo(TakeoverRun run)
      throws TakeoverException, InterruptedException {
    Optional<ColoStatus> colo = run.queryIfKnown(ColoStatus.QUERY, ColoStatus::of);
    if (colo.isPresent() && colo.get().isIn()) {
      throw run.refused(IN_COLO + ": " + colo.get(), null);
    }
  }
}
