package io.github.keepalive4j.cli.doctor;

import io.github.keepalive4j.cli.doctor.Finding.Outcome;
import io.github.keepalive4j.cli.output.Event;
import io.github.keepalive4j.cli.output.Messages;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** What the doctor has found so far. Each finding is told at once. */
final class Report {
  private final Consumer<Finding> teller;
  private boolean hasFailure;

  Report(Consumer<Finding> teller) {
    this.teller = teller;
  }

  /** Returns a finding as an event; the peer is what was examined. */
  static Event event(Finding finding) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("check", finding.check().strip());
    details.put("outcome", finding.outcome().label());
    details.put("detail", Messages.oneLine(finding.detail()));
    return Event.of(Event.Type.CHECK, finding.subject(), details, finding.text());
  }

  /** Tells a finding, and remembers whether it is a failure. */
  void tell(Finding finding) {
    teller.accept(finding);
    hasFailure |= finding.outcome() == Outcome.FAILED;
  }

  /** Tells something about this machine. */
  void tell(String check, String detail) {
    tell(new Finding("", check, Outcome.OK, detail));
  }

  void tell(String check, boolean works, String detail) {
    tell(new Finding("", check, works ? Outcome.OK : Outcome.FAILED, detail));
  }

  boolean hasFailure() {
    return hasFailure;
  }
}
