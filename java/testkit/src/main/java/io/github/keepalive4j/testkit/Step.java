package io.github.keepalive4j.testkit;

import java.io.IOException;

/** A task in a lab without a result. */
@FunctionalInterface
interface Step {
  void run() throws IOException;
}
