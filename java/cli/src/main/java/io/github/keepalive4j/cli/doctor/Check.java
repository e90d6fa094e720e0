package io.github.keepalive4j.cli.doctor;

import io.github.keepalive4j.cli.doctor.Finding.Outcome;
import java.util.function.Consumer;

/** Something that a failover needs, tried without harm. */
interface Check {
  /** Returns what is examined: an ensemble, a socket, a command, a file. */
  String subject();

  /** Returns what it is to the user, such as the option's name. */
  String name();

  /** Tries it, and tells each finding as soon as there is one. May hang. */
  void run(Consumer<Finding> found) throws Exception;

  default Finding finding(Outcome outcome, String detail) {
    return new Finding(subject(), name(), outcome, detail);
  }

  /** Makes a finding about a part of it. */
  default Finding finding(String part, Outcome outcome, String detail) {
    return new Finding(subject(), "  " + part, outcome, detail);
  }
}
