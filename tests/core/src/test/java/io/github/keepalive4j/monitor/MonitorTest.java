package io.github.keepalive4j.monitor;

import io.github.keepalive4j.EachTransport;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.support.Descriptors;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.FailingSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the tests of a monitor share: a source, and the certainty that nothing stays open. */
abstract class MonitorTest extends EachTransport {
  FailingSource source;
  private int descriptors;

  @BeforeEach
  void openSource() throws Exception {
    KeepaliveMonitor.open().close(); // what loads only once
    descriptors = Descriptors.count();
    source = new FailingSource();
  }

  @AfterEach
  void nothingIsLeftOpen() throws Exception {
    source.close();
    Descriptors.assertBackTo(descriptors);
  }

  static void awaitClosed(KeepaliveSocket link) throws Exception {
    Eventually.await("the link is closed", () -> !link.isOpen());
  }
}
