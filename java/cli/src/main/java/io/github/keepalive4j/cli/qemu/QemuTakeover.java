package io.github.keepalive4j.cli.qemu;

import io.github.keepalive4j.cli.output.Event;
import io.github.keepalive4j.cli.output.Messages;
import io.github.keepalive4j.cli.output.Output;
import io.github.keepalive4j.qemu.FailoverAction;
import io.github.keepalive4j.qemu.QmpCommand;
import io.github.keepalive4j.qemu.QmpConnectionException;
import io.github.keepalive4j.qemu.QmpConnectionException.Fault;
import io.github.keepalive4j.qemu.QmpException;
import io.github.keepalive4j.qemu.QmpExecutor;
import io.github.keepalive4j.qemu.QmpSession;
import io.github.keepalive4j.qemu.QmpSessionOptions;
import io.github.keepalive4j.qemu.TakeoverException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A QEMU that stays connected while a link is watched, so that it takes over without delay. */
public final class QemuTakeover implements Machine, AutoCloseable {
  private static final long WARNING_MS = 2_000;

  private final QmpTarget target;
  private final FailoverAction action;
  private final Duration limit;
  private final Output output;
  private final QmpSession session;

  private QemuTakeover(
      QmpTarget target, FailoverAction action, Duration limit, Output output, QmpSession session) {
    this.target = target;
    this.action = action;
    this.limit = limit;
    this.output = output;
    this.session = session;
  }

  /** Connects and warms up in the background, and warns if connecting takes long. */
  static QemuTakeover open(QmpTarget target, FailoverAction action, Duration limit, Output output) {
    QmpSession session =
        QmpSession.open(
            target.address(),
            QmpSessionOptions.defaults(),
            new QmpReporter(target, action, output));
    QemuTakeover takeover = new QemuTakeover(target, action, limit, output, session);
    ForkJoinPool.commonPool().execute(() -> TakeoverWarmup.of(action, target));
    CompletableFuture.delayedExecutor(WARNING_MS, TimeUnit.MILLISECONDS)
        .execute(takeover::warnUnlessConnected);
    return takeover;
  }

  private void warnUnlessConnected() {
    if (session.state() == QmpSession.State.CONNECTING) {
      String reason = session.lastFault().map(Messages::of).orElse("no answer yet");
      output.event(TakeoverEvent.unreachable(target, reason));
    }
  }

  @Override
  public boolean run(String source, BooleanSupplier mayAct) throws InterruptedException {
    QmpExecutor whileAllowed =
        (command, timeout) -> {
          if (!mayAct.getAsBoolean()) {
            throw new QmpConnectionException(
                Fault.CLOSED, "the claim is lost, or its lease is over");
          }
          return session.execute(command, timeout);
        };
    try {
      output.event(TakeoverEvent.done(source, target, action.run(whileAllowed, limit)));
      return true;
    } catch (TakeoverException e) {
      output.event(TakeoverEvent.failed(source, target, e));
      return false;
    }
  }

  /** Tells whether QEMU is connected now. */
  public boolean isConnected() {
    return session.state() == QmpSession.State.CONNECTED;
  }

  @Override
  public void stop(String source, Duration timeout) {
    try {
      session.execute(QmpCommand.of("stop"), timeout);
    } catch (QmpException | QmpConnectionException e) {
      String message = "the machine may still run, because it can't be paused: " + Messages.of(e);
      output.event(Event.error(source, message));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    session.close();
  }
}
