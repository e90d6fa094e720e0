package io.github.keepalive4j.cli.doctor;

import java.util.Locale;

/**
 * What came of one check.
 *
 * @param subject what was examined: an ensemble, a socket, a file; empty for this machine
 * @param check what was checked
 * @param outcome how it ended
 * @param detail what was found, for people to read
 */
record Finding(String subject, String check, Outcome outcome, String detail) {

  enum Outcome {
    OK,
    WARNING,
    FAILED;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Returns the detail, with what is wrong before it. */
  String text() {
    return outcome == Outcome.OK ? detail : outcome.label() + ": " + detail;
  }
}
