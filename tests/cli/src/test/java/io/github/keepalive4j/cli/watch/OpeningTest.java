package io.github.keepalive4j.cli.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.keepalive4j.Standby;
import io.github.keepalive4j.support.FailingSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A lack of threads ends a backup at its start alone. */
class OpeningTest {
  private static final String TROUBLE = "unable to create native thread";

  private final List<String> told = new ArrayList<>();
  private int tries;

  private static Standby fail() {
    throw new OutOfMemoryError(TROUBLE);
  }

  @Test
  void aLackOfThreadsPassesAndIsToldOnce() throws Exception {
    try (FailingSource source = new FailingSource();
        Standby standby = Standby.builder(source::address).onFailover(failover -> {}).open()) {
      Opening opening = new Opening(told::add, () -> false);
      assertSame(standby, opening.open(() -> ++tries <= 2 ? fail() : standby, false));
    }
    assertEquals(3, tries);
    assertEquals(List.of(TROUBLE), told);
  }

  @Test
  void aLackOfThreadsAtTheStartIsAnErrorLikeAnyOther() {
    Opening opening = new Opening(told::add, () -> false);
    IOException error =
        assertThrows(IOException.class, () -> opening.open(OpeningTest::fail, true));
    assertEquals(TROUBLE, error.getMessage());
    assertEquals(List.of(), told);
  }

  @Test
  void aCommandThatEndsDoesNotTryAgain() {
    Opening opening = new Opening(told::add, () -> ++tries > 1);
    assertThrows(IOException.class, () -> opening.open(OpeningTest::fail, false));
    assertEquals(2, tries);
  }
}
