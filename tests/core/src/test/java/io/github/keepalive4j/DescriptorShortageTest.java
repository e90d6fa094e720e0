package io.github.keepalive4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.support.ChildJvm;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A process that is out of descriptors for a while: what fails then works afterwards. */
class DescriptorShortageTest {
  /** The JVM takes about 30 of them. */
  private static final int LIMIT = 160;

  @Test
  void whatFailsForLackOfDescriptorsIsNotRemembered() throws Exception {
    try (ChildJvm child =
        ChildJvm.start(List.of("prlimit", "--nofile=" + LIMIT), ExhaustedProgram.class)) {
      assertEquals("true", child.readLine());
      assertEquals("false", child.readLine());
      assertEquals("NATIVE", child.readLine());
      assertTold("Too many open files", child.readLine());
      assertTold("Too many open files", child.readLine());
      assertEquals("true", child.readLine());
      assertTold("EMFILE", child.readLine());
      assertTold("awaiting a failure of the link to", child.readLine(), "EMFILE");
      assertEquals(KeepaliveOptions.smallestBudget().toString(), child.readLine());
      assertEquals("Optional.empty", child.readLine(), "the link is intact");
      assertEquals("CLOSED", child.readLine());
    }
  }

  private static void assertTold(String what, String line, String... more) {
    assertTrue(line.contains(what), line);
    for (String other : more) {
      assertTrue(line.contains(other), line);
    }
  }
}
