package io.github.keepalive4j.internal.callback;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What comes after the end: an executor that is shut down by then must not be asked. */
class SerialExecutorTest {
  private final Deque<Runnable> executor = new ArrayDeque<>();
  private final List<String> done = new ArrayList<>();
  private final SerialExecutor serial = new SerialExecutor(executor::add);

  @Test
  void aTaskThatComesAfterTheEndIsDroppedThoughOneIsUnderWay() {
    serial.start(
        () -> {
          serial.close();
          serial.execute(() -> done.add("late"));
          done.add("first");
        });
    executor.remove().run();
    assertEquals(List.of("first"), done);
    assertEquals(0, executor.size());
  }

  @Test
  void aTaskThatIsQueuedAtTheEndIsDropped() {
    serial.start(
        () -> {
          serial.execute(() -> done.add("queued"));
          serial.close();
        });
    executor.remove().run();
    assertEquals(0, executor.size());
  }

  @Test
  void whatHasToRunDoesSoAfterTheEnd() {
    serial.close();
    serial.executeHere(() -> done.add("waits for the start"));
    serial.start(() -> done.add("never"));
    serial.executeHere(() -> done.add("last"));
    assertEquals(List.of("waits for the start", "last"), done);
    assertEquals(0, executor.size());
  }
}
