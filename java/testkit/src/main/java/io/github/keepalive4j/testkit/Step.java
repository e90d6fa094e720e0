package io.github.keepalive4j.testkit;

import java.io.IOException;

/** Something done to a lab. */
@FunctionalInterface
interface Step {
  void run() throws IOException;
}
