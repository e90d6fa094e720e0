package io.github.keepalive4j.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.internal.journal.JournalFile;
import io.github.keepalive4j.internal.journal.JournalWriter;
import io.github.keepalive4j.support.Background;
import io.github.keepalive4j.support.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A journal whose lines can't be written goes on, whatever becomes of the report. */
@Timeout(60)
class JournalErrorTest {
  private static final Duration AMPLE = Duration.ofSeconds(30);

  @TempDir private Path directory;
  private final BlockingQueue<IOException> reported = new LinkedBlockingQueue<>();
  private JournalWriter journal;

  @BeforeEach
  void open() throws Exception {
    JournalFile file = JournalFile.open(directory.resolve("journal"));
    journal = new JournalWriter(file, "test", AMPLE);
    file.close(); // so that no line can be written
  }

  private boolean append(Consumer<IOException> errorHandler) {
    return journal.append("act", Map.of(), errorHandler, AMPLE.toNanos());
  }

  private void note(Consumer<IOException> errorHandler) {
    var unused = journal.append("note", Map.of(), errorHandler, 0);
  }

  @Test
  void aCallerThatWaitsForALineReportsItsError() throws Exception {
    BlockingQueue<Thread> reporter = new LinkedBlockingQueue<>();
    assertTrue(append(error -> reporter.add(Thread.currentThread())));
    assertEquals(Thread.currentThread(), reporter.poll());
    journal.close();
  }

  @Test
  void aSlowErrorHandlerHoldsNoLineUp() throws Exception {
    CountDownLatch handling = new CountDownLatch(1);
    CountDownLatch handled = new CountDownLatch(1);
    note(
        error -> {
          handling.countDown();
          awaitUnchecked(handled);
        });
    assertTrue(handling.await(10, TimeUnit.SECONDS));
    Background.start(() -> append(reported::add)).get(AMPLE.dividedBy(2));
    assertEquals(1, reported.size());
    journal.close();
    handled.countDown();
  }

  private static void awaitUnchecked(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void anErrorHandlerThatThrowsEndsNothing() throws Exception {
    note(
        error -> {
          throw new AssertionError("the handler's own");
        });
    note(reported::add);
    assertNotNull(reported.poll(10, TimeUnit.SECONDS));
    Background.start(() -> append(reported::add)).get(AMPLE.dividedBy(2));
    assertEquals(1, reported.size());
    journal.close();
  }

  @Test
  void manyLinesThatWaitTakeLittleMemoryToWrite() throws Exception {
    Path file = directory.resolve("large");
    try (ChildJvm program =
        ChildJvm.start(LargeLines.class, "-Xmx64m", "-D" + LargeLines.FILE + "=" + file)) {
      assertEquals("small line written", program.readLine(AMPLE));
    }
    assertEquals(321, JournalLines.read(file).size());
  }
}
