package io.github.keepalive4j.soak.run;

import java.nio.file.Path;
import java.time.Duration;

/**
 * The parameters of a soak.
 *
 * @param directory the directory for its files
 * @param length how long faults are injected
 * @param seed the seed of all random choices
 * @param links how many links are open at a time
 */
public record Plan(Path directory, Duration length, long seed, int links) {
  static final int DEFAULT_LINKS = 1_000;

  /** Several, so that a fault of one source leaves most links alone. */
  static final int SOURCES = 5;

  public static Plan of(Path directory, Duration length, long seed) {
    return new Plan(directory, length, seed, DEFAULT_LINKS);
  }
}
