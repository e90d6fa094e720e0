package io.github.keepalive4j.testkit;

import java.util.Objects;

/**
 * One line that a process wrote.
 *
 * @param text the line without its end
 * @param arrivedNs when it arrived here, on {@link System#nanoTime}'s clock
 */
public record OutputLine(String text, long arrivedNs) {
  public OutputLine {
    Objects.requireNonNull(text, "text");
  }
}
