package io.github.keepalive4j.cli.sockets;

import io.github.keepalive4j.cli.AtExit;
import io.github.keepalive4j.cli.output.Output;
import io.github.keepalive4j.internal.shim.ForeignProcess;
import io.github.keepalive4j.sockets.SocketRules;
import io.github.keepalive4j.sockets.SweepListener;
import io.github.keepalive4j.sockets.internal.Exempt;
import io.github.keepalive4j.sockets.internal.Sweeper;
import java.io.IOException;

/** Tells what the sweeper does to another process's sockets. */
final class SocketWatch implements SweepListener {
  private final TargetProcess process;
  private final Output output;

  private SocketWatch(TargetProcess process, Output output) {
    this.process = process;
    this.output = output;
  }

  /**
   * Applies rules until the process ends.
   *
   * @throws IOException if there is no such process, the kernel doesn't permit it, or another
   *     command sets its sockets
   */
  static void untilTheEnd(TargetProcess process, SocketRules rules, Output output)
      throws IOException {
    SweepListener listener = new SocketWatch(process, output);
    try (ForeignProcess target = find(process);
        ExclusiveSockets sockets = ExclusiveSockets.of(process);
        Sweeper sweeper =
            Sweeper.open(sockets.table(), rules, listener, Sweeper.PERIOD, Exempt.NONE)) {
      AtExit.close(sweeper);
      target.awaitEnd();
    }
    output.note(process + " has ended");
  }

  private static ForeignProcess find(TargetProcess process) throws IOException {
    return ForeignProcess.of(process.pid())
        .orElseThrow(() -> new IOException(process + " has ended"));
  }

  @Override
  public void onGoverned(SocketUpdate update) {
    output.event(SocketEvents.governed(process, update));
  }

  @Override
  public void onSetAgain(SocketUpdate update) {
    output.event(SocketEvents.setAgain(process, update));
  }

  @Override
  public void onSpared(SocketUpdate update) {
    output.event(SocketEvents.spared(process, update));
  }

  @Override
  public void onStuck(SocketUpdate update) {
    output.event(SocketEvents.stuck(process, update));
  }

  @Override
  public void onDeadPeer(SocketUpdate update) {
    output.event(SocketEvents.deadPeer(process, update));
  }

  @Override
  public void onRefused(SocketUpdate update) {
    output.event(SocketEvents.refused(update));
  }
}
