package io.github.keepalive4j.testkit.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.Lab;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

class LabExtensionTest {
  @Nested
  @ExtendWith(LabExtension.class)
  class ForEachTest {
    private static Lab previous;
    private Lab own;

    @BeforeEach
    void takesTheSameLabAsTheTest(Lab lab) {
      own = lab;
    }

    @RepeatedTest(2)
    void eachTestHasALabOfItsOwnAndTheOldOneIsClosed(Lab lab) throws Exception {
      assertSame(own, lab);
      assertEquals(1, lab.source().call(() -> 1));
      assertNotSame(previous, lab);
      if (previous != null) {
        Host old = previous.source();
        assertThrows(IllegalStateException.class, () -> old.call(() -> 1));
      }
      previous = lab;
    }

    @AfterAll
    static void forget() {
      previous = null;
    }
  }

  @Nested
  class WithOtherHosts {
    @RegisterExtension
    final LabExtension three = LabExtension.perTest(Lab.builder().hosts("a", "b", "c"));

    @Test
    void theLabHasTheHostsAskedFor(Lab lab) {
      assertEquals(List.of("a", "b", "c"), lab.hosts().stream().map(Host::name).toList());
    }
  }

  @Nested
  class ForTheClass {
    @RegisterExtension
    static final LabExtension LAB = LabExtension.perClass(Lab.builder().hosts("a", "b"));

    private static Lab shared;

    @BeforeAll
    static void takesTheLab(Lab lab) {
      shared = lab;
    }

    @RepeatedTest(2)
    void theTestsOfAClassShareItsLab(Lab lab) throws Exception {
      assertSame(shared, lab);
      assertEquals(1, lab.host("a").call(() -> 1));
    }

    @Nested
    class Inside {
      @Test
      void aNestedClassSharesTheLab(Lab lab) {
        assertSame(shared, lab);
      }
    }
  }

  @Test
  void aMachineWithoutLabsSkipsTheTestWithTheReason() {
    Optional<String> lacking = Optional.of("the privilege CAP_SYS_ADMIN is lacking");
    assertEquals(
        "labs can't be opened here: the privilege CAP_SYS_ADMIN is lacking",
        assertThrows(TestAbortedException.class, () -> LabExtension.require(lacking, null))
            .getMessage());
  }

  @Test
  void aMachineWithoutLabsFailsTheTestUnderContinuousIntegration() {
    Optional<String> lacking = Optional.of("the command ip does not run");
    assertEquals(
        "labs can't be opened here: the command ip does not run",
        assertThrows(AssertionFailedError.class, () -> LabExtension.require(lacking, "true"))
            .getMessage());
    LabExtension.require(Optional.empty(), "true");
  }
}
