package io.github.keepalive4j.cli.watch;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.support.FailingSource;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Whether a source is there again is found out soon. */
class KnockTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private static boolean isAnswered(InetSocketAddress source) {
    return new Knock(() -> source, KeepaliveOptions.defaults()).isAnswered();
  }

  @Test
  void aSourceThatIsThereAnswers() throws Exception {
    try (FailingSource source = new FailingSource()) {
      assertTrue(isAnswered(source.address()));
    }
  }

  @Test
  void aSourceThatIsGoneDoesNotAnswer() throws Exception {
    InetSocketAddress address;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      address = (InetSocketAddress) closed.getLocalSocketAddress();
    }
    assertFalse(isAnswered(address));
    assertFalse(isAnswered(InetSocketAddress.createUnresolved("source.example", 9999)));
  }

  @Test
  void aNameServerThatHangsIsNotWaitedFor() {
    CountDownLatch answer = new CountDownLatch(1);
    Knock knock = new Knock(() -> resolveAfter(answer), KeepaliveOptions.defaults());
    assertFalse(assertTimeoutPreemptively(LIMIT, knock::isAnswered));
    answer.countDown();
  }

  private static InetSocketAddress resolveAfter(CountDownLatch answer) {
    try {
      answer.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return InetSocketAddress.createUnresolved("source.example", 9999);
  }
}
