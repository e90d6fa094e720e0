package io.github.keepalive4j.sockets.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.support.Background;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.LogRecords;
import io.github.keepalive4j.support.Waiting;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls to the application. */
@Timeout(60)
class DeliveriesTest {
  private final Deliveries deliveries = new Deliveries("deliveries");
  private final CountDownLatch release = new CountDownLatch(1);
  private final CountDownLatch begun = new CountDownLatch(1);

  private void block() {
    begun.countDown();
    Waiting.awaitThoughInterrupted(release);
  }

  @Test
  void callsComeOneAfterTheOther() throws Exception {
    List<Integer> calls = new CopyOnWriteArrayList<>();
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      int number = i;
      deliveries.add(() -> calls.add(number));
      all.add(i);
    }
    Eventually.await("all calls", () -> calls.size() == 1_000);
    assertEquals(all, calls);
    deliveries.close();
  }

  @Test
  void aCallThatThrowsIsLoggedAndTheNextOneFollows() throws Exception {
    try (LogRecords log = LogRecords.of(KeepaliveSocket.class)) {
      deliveries.add(
          () -> {
            throw new AssertionError("thrown by a listener");
          });
      CountDownLatch next = new CountDownLatch(1);
      deliveries.add(next::countDown);
      next.await();
      Eventually.await("a line", () -> !log.warnings().isEmpty());
      assertEquals(List.of("a listener of the socket sweeper failed"), log.warnings());
    }
    deliveries.close();
  }

  @Test
  void whatIsTooMuchIsDroppedAndToldOf() throws Exception {
    try (LogRecords log = LogRecords.of(KeepaliveSocket.class)) {
      AtomicInteger calls = new AtomicInteger();
      deliveries.add(this::block);
      begun.await();
      for (int i = 0; i < 10_007; i++) {
        deliveries.add(calls::incrementAndGet);
      }
      release.countDown();
      Eventually.await("10,000 calls", () -> calls.get() == 10_000);
      Eventually.await("a line", () -> !log.warnings().isEmpty());
      assertEquals(
          List.of("the listener of the socket sweeper is slow: 7 calls were dropped"),
          log.warnings());
    }
    deliveries.close();
  }

  @Test
  void afterTheEndNoCallBegins() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    deliveries.add(this::block);
    begun.await();
    deliveries.add(calls::incrementAndGet);
    deliveries.close(); // doesn't wait for the one that blocks
    deliveries.add(calls::incrementAndGet);
    release.countDown();
    Eventually.assertNever("a call", () -> calls.get() > 0);
  }

  @Test
  void aCallMayEndThem() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    deliveries.add(
        () -> {
          deliveries.close();
          ended.countDown();
        });
    ended.await();
  }

  @Test
  void whoEndsThemIsNotInterruptedByThat() throws Exception {
    deliveries.add(this::block);
    begun.await();
    Background<Boolean> closer =
        Background.start(
            () -> {
              Thread.currentThread().interrupt();
              deliveries.close();
              return Thread.interrupted();
            });
    assertTrue(closer.get());
    release.countDown();
  }
}
