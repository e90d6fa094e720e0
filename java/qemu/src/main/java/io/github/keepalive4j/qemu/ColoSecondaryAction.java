package io.github.keepalive4j.qemu;

import java.time.Duration;
import java.util.List;

/**
 * Makes a COLO secondary take over after its primary is lost. It sends {@code nbd-server-stop}, in
 * case an NBD server runs, and {@code x-colo-lost-heartbeat}. Then it polls {@code
 * query-colo-status} and {@code query-status} until the machine has left COLO and runs. QEMU's
 * documentation leaves this heartbeat to its users.
 */
public final class ColoSecondaryAction implements FailoverAction {

  private static final List<QmpCommand> PREPARATIONS = List.of(QmpCommand.of("nbd-server-stop"));

  private final SerializedRun runs = ColoExit.of("secondary", PREPARATIONS);

  public ColoSecondaryAction() {}

  @Override
  public String name() {
    return runs.name();
  }

  @Override
  public Takeover run(QmpExecutor qemu, Duration limit)
      throws TakeoverException, InterruptedException {
    return runs.run(qemu, limit);
  }
}
