package io.github.keepalive4j.cli.guard;

import io.github.keepalive4j.cli.output.Output;
import io.github.keepalive4j.zookeeper.Arming;
import java.util.function.Consumer;

/** Reports whether a backup could take over: after its link is up, and whenever it changes. */
final class ArmingReporter implements Consumer<Arming> {
  private final String ensemble;
  private final Output output;
  private Arming untold; // guarded by this; null for none
  private boolean isUp; // guarded by this

  ArmingReporter(String ensemble, Output output) {
    this.ensemble = ensemble;
    this.output = output;
  }

  @Override
  public synchronized void accept(Arming arming) {
    boolean isWatching = arming.state() != Arming.State.IDLE;
    isUp &= isWatching;
    untold = isWatching ? arming : null;
    tell();
  }

  synchronized void linkUp() {
    isUp = true;
    tell();
  }

  private void tell() {
    if (isUp && untold != null) {
      output.event(GuardEvent.of(ensemble, untold));
      untold = null;
    }
  }
}
