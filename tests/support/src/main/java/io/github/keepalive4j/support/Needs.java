package io.github.keepalive4j.support;

import io.github.keepalive4j.testkit.Lab;
import java.io.IOException;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * What a test needs of the machine. Where it is missing, the test is skipped with a message that
 * names it. Under continuous integration ({@code CI=true}) the test fails instead.
 */
public final class Needs {
  private Needs() {}

  /** Skips the test, or fails it under continuous integration, because something is missing. */
  public static void lack(String what) {
    if (Boolean.parseBoolean(System.getenv("CI"))) {
      Assertions.fail(what);
    }
    Assumptions.abort(what);
  }

  /** Requires a program on the {@code PATH}. */
  public static void program(String name) {
    if (!InstalledPrograms.contain(name)) {
      lack("the program " + name + " is not installed");
    }
  }

  /** Requires QEMU. */
  public static void qemu() {
    if (!InstalledPrograms.contain("qemu-system-x86_64")) {
      lack("qemu-system-x86_64 is missing: apt-get install qemu-system-x86");
    }
  }

  /** Requires the privileges and tools that labs need. */
  public static void lab() {
    Lab.unavailabilityCause().ifPresent(Needs::lack);
  }

  /** Opens a lab with a source and a backup, which the test needs. */
  public static Lab openLab() throws IOException {
    lab();
    return Lab.open();
  }

  /** Opens a lab with hosts of these names, which the test needs. */
  public static Lab openLab(String... hosts) throws IOException {
    lab();
    return Lab.open(hosts);
  }
}
