package io.github.keepalive4j.cli;

import io.github.keepalive4j.testkit.Lab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** What a test cannot do without: it is skipped then, or fails under continuous integration. */
public final class Needs {
  private Needs() {}

  static Lab lab() throws IOException {
    Lab.unavailabilityCause().ifPresent(Needs::giveUp);
    return Lab.open();
  }

  public static Lab lab(String... hosts) throws IOException {
    Lab.unavailabilityCause().ifPresent(Needs::giveUp);
    return Lab.open(hosts);
  }

  public static void tool(String name) {
    if (!isInstalled(name)) {
      giveUp("the tool " + name + " is not installed");
    }
  }

  static void timeNamespaces() {
    if (Files.notExists(Path.of("/proc/self/ns/time"))) {
      giveUp("this kernel has no time namespaces");
    }
  }

  public static void qemu() {
    if (!isInstalled("qemu-system-x86_64")) {
      giveUp("QEMU is not installed: apt-get install qemu-system-x86");
    }
  }

  private static boolean isInstalled(String tool) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
  }

  /** Returns the {@code java} of another release than the tests run on. */
  public static String java(int feature) throws IOException {
    Optional<Path> found = installed(feature);
    if (found.isEmpty()) {
      giveUp("no JDK " + feature + " in /usr/lib/jvm");
    }
    return found.orElseThrow().toString();
  }

  private static Optional<Path> installed(int feature) throws IOException {
    try (Stream<Path> homes = Files.list(Path.of("/usr/lib/jvm"))) {
      return homes
          .filter(home -> home.getFileName().toString().matches("(.*\\D)?" + feature + "(\\D.*)?"))
          .map(home -> home.resolve("bin/java"))
          .filter(Files::isExecutable)
          .min(Comparator.naturalOrder());
    }
  }

  private static void giveUp(String cause) {
    if (Boolean.parseBoolean(System.getenv("CI"))) {
      Assertions.fail(cause);
    }
    Assumptions.abort(cause);
  }
}
