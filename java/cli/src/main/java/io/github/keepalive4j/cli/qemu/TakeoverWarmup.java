package io.github.keepalive4j.cli.qemu;

import io.github.keepalive4j.qemu.FailoverAction;
import io.github.keepalive4j.qemu.QmpCommand;
import io.github.keepalive4j.qemu.QmpExecutor;
import io.github.keepalive4j.qemu.QmpValue;
import io.github.keepalive4j.qemu.TakeoverException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A simulated QEMU that accepts every command. Running an action on it once loads the action's
 * classes, so the failover doesn't spend tens of milliseconds on that.
 */
final class TakeoverWarmup implements QmpExecutor {
  private static final Duration LIMIT = Duration.ofSeconds(1);

  private static final QmpValue INSTANCE =
      QmpValue.of(Map.of("type", "block-node", "node-name", "client"));
  private static final QmpValue REPLICATION =
      QmpValue.of(
          Map.of(
              "drv", "replication", "file", "json:{\"driver\": \"nbd\", \"host\": \"secondary\"}"));
  private static final QmpValue CLIENT =
      QmpValue.of(Map.of("drv", "nbd", "node-name", "client", "file", "nbd://secondary:1/disk"));
  private static final QmpValue CHARDEV =
      QmpValue.of(Map.of("label", "mirror", "filename", "tcp:a:1,server=on <-> secondary:2"));

  private final String role;
  private boolean acted;

  private TakeoverWarmup(String role) {
    this.role = role;
  }

  static void of(FailoverAction action, QmpTarget target) {
    TakeoverWarmup qemu = new TakeoverWarmup(action.name().replace("colo-", ""));
    try {
      TakeoverEvent.done("", target, action.run(qemu, LIMIT));
    } catch (TakeoverException e) {
      TakeoverEvent.failed("", target, e); // too slow: the classes used so far are loaded
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public QmpValue execute(QmpCommand command, Duration timeout) {
    acted |= !command.name().startsWith("query-") && !command.isOutOfBand();
    return switch (command.name()) {
      case "query-yank" -> QmpValue.of(List.of(INSTANCE));
      case "query-named-block-nodes" -> QmpValue.of(List.of(REPLICATION, CLIENT));
      case "query-chardev" -> QmpValue.of(List.of(CHARDEV));
      default -> status();
    };
  }

  private QmpValue status() {
    return QmpValue.of(
        Map.of(
            "running",
            acted,
            "status",
            acted ? "running" : "paused",
            "mode",
            acted ? "none" : role,
            "last-mode",
            role,
            "reason",
            "request"));
  }
}
