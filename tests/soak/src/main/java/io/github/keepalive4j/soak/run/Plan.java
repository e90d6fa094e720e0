package io.github.keepalive4j.soak.run;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What a soak is to be.
 *
 * @param directory where its files go
 * @param length for how long troubles befall the links
 * @param seed of all that is random
 * @param links that are open at a time
 */
public record Plan(Path directory, Duration length, long seed, int links) {
  static final int DEFAULT_LINKS = 1_000;

  /** So that most links are spared what befalls one source. */
  static final int SOURCES = 5;

  public static Plan of(Path directory, Duration length, long seed) {
    return new Plan(directory, length, seed, DEFAULT_LINKS);
  }
}
