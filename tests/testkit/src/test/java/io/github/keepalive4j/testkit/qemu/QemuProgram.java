package io.github.keepalive4j.testkit.qemu;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** The QEMU that tests start. Without it they are skipped, or fail under continuous integration. */
final class QemuProgram {
  private static final String NAME = "qemu-system-x86_64";
  private static final String MISSING = NAME + " is missing: apt-get install qemu-system-x86";

  private QemuProgram() {}

  static void require() {
    boolean present =
        Stream.of(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, NAME)));
    if ("true".equals(System.getenv("CI"))) {
      Assertions.assertTrue(present, MISSING);
    } else {
      Assumptions.assumeTrue(present, MISSING);
    }
  }
}
