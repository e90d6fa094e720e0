package io.github.keepalive4j.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.support.Background;
import io.github.keepalive4j.support.Descriptors;
import io.github.keepalive4j.support.Eventually;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.api.Test;

/**
 * Descriptors are used again all the time, while options are set. Long form: {@code
 * -Dkeepalive4j.sockets.seconds=600}.
 */
class DescriptorReuseTest {
  private static final int THREADS = 8;
  private static final Duration LENGTH =
      Duration.ofSeconds(Long.getLong("keepalive4j.sockets.seconds", 3));
  private static final KeepaliveOptions MARK =
      KeepaliveOptions.builder().idle(Duration.ofSeconds(77)).build();

  /** Far more than a duplicate is held for, on a busy machine. */
  private static final Duration FIN_LIMIT = Duration.ofSeconds(2);

  private final AtomicReferenceArray<Connection> meant = new AtomicReferenceArray<>(THREADS);
  private final AtomicInteger opening = new AtomicInteger(THREADS);
  private final AtomicInteger marked = new AtomicInteger();

  @Test
  void noOtherSocketIsHitAndNoneLivesLonger() throws Exception {
    Connection.open().close(); // classes that keep descriptors
    int before = Descriptors.count();
    List<Background<Integer>> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int place = i;
      threads.add(Background.start(() -> openAndClose(place)));
    }
    threads.add(Background.start(this::mark));
    threads.add(Background.start(this::mark));
    for (Background<Integer> thread : threads) {
      thread.get(LENGTH.plus(Eventually.DEADLINE));
    }
    assertTrue(marked.get() > 0);
    Descriptors.assertBackTo(before);
  }

  private int openAndClose(int place) throws Exception {
    Random random = new Random(place);
    long endNs = System.nanoTime() + LENGTH.toNanos();
    try {
      for (int turn = 0; System.nanoTime() < endNs; turn++) {
        try (FileInputStream file = new FileInputStream("/dev/null");
            Connection connection = Connection.open()) {
          boolean isMeant = turn % 2 == 0;
          meant.set(place, isMeant ? connection : null);
          if (random.nextInt(4) == 0) {
            Thread.onSpinWait();
          }
          check(connection, isMeant);
          assertEquals(-1, file.read());
        }
      }
    } finally {
      opening.decrementAndGet();
    }
    return 0;
  }

  private static void check(Connection connection, boolean isMeant) throws Exception {
    int untouched = Connection.idleSeconds(connection.server());
    int idle = Connection.idleSeconds(connection.client());
    assertTrue(idle == untouched || (isMeant && idle == 77), () -> "idle " + idle);
    assertFalse(Connection.isKeptAlive(connection.server()));
    connection.client().close();
    connection.server().setSoTimeout((int) FIN_LIMIT.toMillis());
    assertEquals(-1, connection.server().getInputStream().read());
  }

  /** Comes too late as often as not. */
  private int mark() throws IOException {
    while (opening.get() > 0) {
      for (int place = 0; place < THREADS; place++) {
        Connection connection = meant.get(place);
        if (connection != null) {
          mark(connection);
        }
      }
    }
    return 0;
  }

  private void mark(Connection connection) {
    try {
      MARK.applyTo(connection.client());
      marked.incrementAndGet();
    } catch (SocketException closedMeanwhile) {
      // another one is next
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
