package io.github.keepalive4j;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** What a test needs of the machine: under continuous integration its lack is a failure. */
final class FastNeeds {
  private FastNeeds() {}

  static void program(String name) {
    boolean found =
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    if (!found) {
      giveUp("the program " + name + " is not installed");
    }
  }

  static void giveUp(String cause) {
    if (Boolean.parseBoolean(System.getenv("CI"))) {
      Assertions.fail(cause);
    }
    Assumptions.abort(cause);
  }
}
