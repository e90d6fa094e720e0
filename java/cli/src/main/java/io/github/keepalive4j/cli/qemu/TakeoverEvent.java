package io.github.keepalive4j.cli.qemu;

import io.github.keepalive4j.cli.output.Event;
import io.github.keepalive4j.cli.output.Messages;
import io.github.keepalive4j.qemu.QmpConnectionException;
import io.github.keepalive4j.qemu.QmpException;
import io.github.keepalive4j.qemu.QmpGreeting;
import io.github.keepalive4j.qemu.Takeover;
import io.github.keepalive4j.qemu.TakeoverException;
import io.github.keepalive4j.qemu.TakeoverStep;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The events of a QEMU that is to take over. The peer of a connection's events is QEMU, the peer of
 * a takeover is the source whose place is taken.
 */
final class TakeoverEvent {
  private TakeoverEvent() {}

  /** A QEMU that is connected, with its version and the defect of it that is known, if any. */
  static Event connected(QmpTarget target, QmpGreeting greeting, Optional<String> defect) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("qemu", greeting.version());
    details.put("warning", defect.orElse(null));
    String text = "QEMU " + greeting.version() + defect.map(words -> ", but " + words).orElse("");
    return Event.of(Event.Type.CONNECTED, target.name(), details, text);
  }

  static Event unreachable(QmpTarget target, String reason) {
    return Event.error(target.name(), "QEMU can't be reached, and is tried again: " + reason);
  }

  static Event lost(QmpTarget target, QmpConnectionException cause) {
    return Event.error(target.name(), "QEMU is lost, and is tried again: " + Messages.of(cause));
  }

  static Event done(String source, QmpTarget target, Takeover takeover) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("qmp", target.name());
    details.put("action", takeover.action());
    details.put("alreadyDone", takeover.alreadyDone());
    details.put("tookMs", ms(takeover.took()));
    details.put("steps", steps(takeover.steps()));
    String outcome =
        takeover.alreadyDone()
            ? ": nothing to do, the machine runs already"
            : ": the machine runs after " + ms(takeover.took()) + " ms";
    return Event.of(
        Event.Type.TAKEOVER,
        source,
        details,
        takeover.action() + outcome + " (" + names(takeover.steps()) + ")");
  }

  static Event failed(String source, QmpTarget target, TakeoverException e) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("message", Messages.of(e));
    details.put("qmp", target.name());
    details.put("action", e.action());
    details.put("fault", fault(e.getCause()));
    details.put("errorClass", e.getCause() instanceof QmpException q ? q.errorClass() : null);
    details.put("description", e.getCause() instanceof QmpException q ? q.description() : null);
    details.put("tookMs", ms(e.took()));
    details.put("steps", steps(e.steps()));
    return Event.of(Event.Type.ERROR, source, details, Messages.of(e));
  }

  /** The reason for a missing answer; null if there was one. */
  private static String fault(Throwable cause) {
    return cause instanceof QmpConnectionException connection ? connection.fault().name() : null;
  }

  private static List<Map<String, Object>> steps(List<TakeoverStep> steps) {
    return steps.stream().map(TakeoverEvent::step).toList();
  }

  private static Map<String, Object> step(TakeoverStep step) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", step.name());
    fields.put("outcome", step.outcome().name().toLowerCase(Locale.ROOT));
    fields.put("tookMs", ms(step.took()));
    fields.put("detail", step.detail());
    return fields;
  }

  private static String names(List<TakeoverStep> steps) {
    return steps.stream().map(TakeoverStep::name).collect(Collectors.joining(", "));
  }

  /** Milliseconds to the microsecond, because most steps take less than one. */
  private static double ms(Duration time) {
    return TimeUnit.NANOSECONDS.toMicros(time.toNanos()) / 1e3;
  }
}
