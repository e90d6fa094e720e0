package io.github.keepalive4j.cli.qemu;

import io.github.keepalive4j.cli.output.Output;
import io.github.keepalive4j.qemu.FailoverAction;
import io.github.keepalive4j.qemu.QmpConnectionException;
import io.github.keepalive4j.qemu.QmpGreeting;
import io.github.keepalive4j.qemu.QmpListener;

/** Reports when the standby QEMU connects and disconnects. Neither is a failover. */
final class QmpReporter implements QmpListener {
  private final QmpTarget target;
  private final FailoverAction action;
  private final Output output;

  QmpReporter(QmpTarget target, FailoverAction action, Output output) {
    this.target = target;
    this.action = action;
    this.output = output;
  }

  @Override
  public void onConnected(QmpGreeting greeting) {
    output.event(TakeoverEvent.connected(target, greeting, action.knownDefect(greeting)));
  }

  @Override
  public void onDisconnected(QmpConnectionException cause) {
    output.event(TakeoverEvent.lost(target, cause));
  }
}
