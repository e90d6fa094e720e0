package io.github.keepalive4j.cli.doctor;

import io.github.keepalive4j.qemu.QmpCommand;
import io.github.keepalive4j.qemu.QmpConnectionException;
import io.github.keepalive4j.qemu.QmpException;
import io.github.keepalive4j.qemu.QmpExecutor;
import io.github.keepalive4j.qemu.QmpValue;
import java.time.Duration;

/** Lets an action look at a QEMU. Its first command that isn't a question ends the action. */
final class QuestionsOnly implements QmpExecutor {
  private final QmpExecutor qemu;

  QuestionsOnly(QmpExecutor qemu) {
    this.qemu = qemu;
  }

  /** A command that would change something, and wasn't sent. */
  static final class OrderException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String order;

    private OrderException(String order) {
      super(order + " was not sent");
      this.order = order;
    }

    String order() {
      return order;
    }
  }

  @Override
  public QmpValue execute(QmpCommand command, Duration timeout)
      throws QmpException, QmpConnectionException, InterruptedException {
    if (!command.name().startsWith("query-")) {
      throw new OrderException(command.name());
    }
    return qemu.execute(command, timeout);
  }
}
