package io.github.keepalive4j.qemu;

import java.util.List;

/**
 * Makes a COLO secondary take over after its primary is lost. It sends {@code nbd-server-stop}, in
 * case an NBD server runs, and {@code x-colo-lost-heartbeat}. Then it polls {@code
 * query-colo-status} and {@code query-status} until the machine has left COLO and runs. QEMU's
 * documentation leaves this heartbeat to its users.
 */
public final class ColoSecondaryAction extends ColoAction {

  private static final List<QmpCommand> PREPARATIONS = List.of(QmpCommand.of("nbd-server-stop"));

  public ColoSecondaryAction() {
    super("secondary");
  }

  @Override
  List<QmpCommand> preparations() {
    return PREPARATIONS;
  }
}
