package io.github.keepalive4j.cli.doctor;

import io.github.keepalive4j.cli.doctor.Finding.Outcome;
import io.github.keepalive4j.cli.output.Messages;
import io.github.keepalive4j.cli.qemu.QmpTarget;
import io.github.keepalive4j.qemu.FailoverAction;
import io.github.keepalive4j.qemu.QmpClient;
import io.github.keepalive4j.qemu.QmpConnectionException;
import io.github.keepalive4j.qemu.QmpException;
import io.github.keepalive4j.qemu.QmpGreeting;
import io.github.keepalive4j.qemu.QmpListener;
import io.github.keepalive4j.qemu.QmpOptions;
import io.github.keepalive4j.qemu.Takeover;
import io.github.keepalive4j.qemu.TakeoverException;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;

/** Whether a QEMU answers, and would take over in its present state. */
final class QemuCheck implements Check {
  private static final Duration LIMIT = Duration.ofSeconds(3);

  /** The states in which QEMU refuses to start a machine. */
  private static final Set<String> NEED_RESET = Set.of("shutdown", "internal-error");

  private final QmpTarget target;
  private final FailoverAction action;

  QemuCheck(QmpTarget target, FailoverAction action) {
    this.target = target;
    this.action = action;
  }

  @Override
  public String subject() {
    return target.name();
  }

  @Override
  public String name() {
    return "qmp";
  }

  @Override
  public void run(Consumer<Finding> found) throws InterruptedException {
    QmpOptions options = QmpOptions.builder().connectTimeout(LIMIT).commandTimeout(LIMIT).build();
    try (QmpClient qemu = QmpClient.connect(target.address(), options, QmpListener.NONE)) {
      found.accept(greeting(qemu.greeting()));
      String status = qemu.execute("query-status").path("status").asText("unknown");
      found.accept(status(status));
      found.accept(tryAction(qemu));
    } catch (QmpConnectionException e) {
      found.accept(finding(Outcome.FAILED, Messages.of(e) + hint(e)));
    } catch (QmpException e) {
      found.accept(finding(Outcome.FAILED, Messages.of(e)));
    }
  }

  private Finding greeting(QmpGreeting greeting) {
    String version = "QEMU " + greeting.version();
    return action
        .knownDefect(greeting)
        .map(defect -> finding(Outcome.FAILED, version + ": " + defect))
        .orElseGet(() -> finding(Outcome.OK, version));
  }

  private Finding status(String status) {
    return NEED_RESET.contains(status)
        ? finding("status", Outcome.FAILED, status + ", from which only a reset leads")
        : finding("status", Outcome.OK, status);
  }

  private static String hint(QmpConnectionException e) {
    return e.fault() == QmpConnectionException.Fault.TIMED_OUT
        ? "; QEMU hangs, or another client has this socket: QEMU serves one at a time"
        : "";
  }

  private Finding tryAction(QmpClient qemu) throws InterruptedException {
    try {
      Takeover takeover = action.run(new QuestionsOnly(qemu), LIMIT);
      String detail = action.name() + " would have nothing to do: the machine runs already";
      return finding("action", takeover.alreadyDone() ? Outcome.WARNING : Outcome.OK, detail);
    } catch (QuestionsOnly.OrderException e) {
      return finding("action", Outcome.OK, action.name() + " would go on with " + e.order());
    } catch (TakeoverException e) {
      return finding("action", Outcome.FAILED, Messages.of(e));
    }
  }
}
