package io.github.keepalive4j.zookeeper;

import java.util.Objects;
import java.util.regex.Pattern;

/** The name of a source on the ensemble, where it is a node's name. */
final class SourceId {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}");

  private SourceId() {}

  /** Returns the name; throws IllegalArgumentException if it has another form. */
  static String checked(String sourceId) {
    if (FORM.matcher(Objects.requireNonNull(sourceId, "sourceId")).matches()) {
      return sourceId;
    }
    throw new IllegalArgumentException(
        "sourceId \""
            + sourceId
            + "\" is not 1 to 128 letters, digits, dots, hyphens and underscores");
  }
}
