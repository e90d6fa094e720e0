package io.github.keepalive4j;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** What a test needs of the machine: lacking, it is skipped, and fails under CI=true. */
final class Needs {
  private Needs() {}

  static void lack(String what) {
    if (Boolean.parseBoolean(System.getenv("CI"))) {
      Assertions.fail(what);
    }
    Assumptions.abort(what);
  }
}
