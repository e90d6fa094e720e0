package io.github.keepalive4j.qemu;

import java.time.Duration;
import java.util.Optional;

/**
 * Makes a COLO secondary take over after its primary is lost. It sends {@code nbd-server-stop}, in
 * case an NBD server runs, and {@code x-colo-lost-heartbeat}. Then it polls {@code
 * query-colo-status} and {@code query-status} until the machine has left COLO and runs. QEMU's
 * documentation leaves this heartbeat to its users.
 */
public final class ColoSecondaryAction implements FailoverAction {

  private static final QmpCommand STOP_NBD_SERVER = QmpCommand.of("nbd-server-stop");

  private final SerializedRun runs =
      new ColoExit("secondary", run -> run.attempt(STOP_NBD_SERVER)).asAction();

  public ColoSecondaryAction() {}

  @Override
  public String name() {
    return runs.name();
  }

  /** Returns the defect of QEMU 10.0 and 10.1, in which COLO is broken. */
  @Override
  public Optional<String> knownDefect(QmpGreeting qemu) {
    return ColoExit.knownDefect(qemu);
  }

  @Override
  public Takeover run(QmpExecutor qemu, Duration limit)
      throws TakeoverException, InterruptedException {
    return runs.run(qemu, limit);
  }
}
