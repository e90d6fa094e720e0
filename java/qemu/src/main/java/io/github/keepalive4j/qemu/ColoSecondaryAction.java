package io.github.keepalive4j.qemu;

import java.util.List;

/**
 * Makes a COLO secondary take over whose primary is lost: {@code nbd-server-stop} where an NBD
 * server runs, {@code x-colo-lost-heartbeat}, and then {@code query-colo-status} and {@code
 * query-status} until it has left COLO and runs. This is the heartbeat that QEMU's documentation
 * leaves to its users.
 */
public final class ColoSecondaryAction extends ColoAction {

  private static final List<QmpCommand> PREPARATIONS = List.of(QmpCommand.of("nbd-server-stop"));

  /** Makes the action. */
  public ColoSecondaryAction() {
    super("secondary");
  }

  @Override
  List<QmpCommand> preparations() {
    return PREPARATIONS;
  }
}
