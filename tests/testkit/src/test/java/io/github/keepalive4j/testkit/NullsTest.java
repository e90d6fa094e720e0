package io.github.keepalive4j.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.keepalive4j.Failure;
import io.github.keepalive4j.support.NullArguments;
import io.github.keepalive4j.support.RequiresLab;
import io.github.keepalive4j.testkit.event.ClaimRequests;
import io.github.keepalive4j.testkit.event.Failovers;
import io.github.keepalive4j.testkit.event.Failures;
import io.github.keepalive4j.testkit.event.TestClaim;
import io.github.keepalive4j.testkit.junit.LabExtension;
import io.github.keepalive4j.testkit.qemu.QemuProcess;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** No method takes null. */
class NullsTest {
  private static final InetSocketAddress ADDRESS =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);

  @TempDir private Path directory;

  @Test
  @RequiresLab
  void eachErrorOfALabNamesTheParameter() throws Exception {
    try (Lab lab = Lab.open();
        ManagedProcess process = lab.source().start("sleep", "60")) {
      assertNone(
          new NullArguments()
              .with(InetSocketAddress.class, () -> ADDRESS)
              .with(ProcessBuilder.class, () -> new ProcessBuilder("true"))
              .with(Lab.class, () -> lab)
              .with(Lab.Builder.class, Lab::builder)
              .with(Host.class, lab::source)
              .with(ManagedProcess.class, () -> process)
              .with(Output.class, process::stdout),
          Lab.class);
    }
  }

  @Test
  void eachErrorOfAnEventNamesTheParameter() throws Exception {
    Failure failure = Failures.reset(ADDRESS).build();
    assertNone(
        new NullArguments()
            .with(InetSocketAddress.class, () -> ADDRESS)
            .with(Failure.class, () -> failure)
            .with(Failures.Builder.class, () -> Failures.reset(ADDRESS))
            .with(Failovers.Builder.class, () -> Failovers.of(failure))
            .with(ClaimRequests.Builder.class, ClaimRequests::serving)
            .with(TestClaim.class, TestClaim::create),
        Failures.class);
  }

  @Test
  void eachErrorOfAMachineNamesTheParameter() throws Exception {
    assertNone(
        new NullArguments()
            .with(Path.class, () -> directory.resolve("file"))
            .with(QemuProcess.Builder.class, () -> QemuProcess.builder("vm", directory)),
        QemuProcess.class);
  }

  /** Nobody but JUnit calls the methods of an extension that take its contexts. */
  @Test
  void anExtensionNeedsTheBuilderOfItsLabs() {
    assertEquals("lab", messageOf(() -> LabExtension.perTest(null)));
    assertEquals("lab", messageOf(() -> LabExtension.perClass(null)));
  }

  private static String messageOf(Executable call) {
    return assertThrows(NullPointerException.class, call).getMessage();
  }

  private static void assertNone(NullArguments calls, Class<?> anchor) throws Exception {
    assertEquals("", String.join("\n", calls.violationsBeside(anchor)));
  }
}
