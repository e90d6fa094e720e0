package io.github.keepalive4j.testkit;

import java.io.IOException;

/** A task in a lab that has a result. */
@FunctionalInterface
interface Action<T> {
  T run() throws IOException;
}
