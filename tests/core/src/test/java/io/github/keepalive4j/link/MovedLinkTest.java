package io.github.keepalive4j.link;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.EachTransport;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.support.Descriptors;
import io.github.keepalive4j.support.FailingSource;
import io.github.keepalive4j.support.LinkPair;
import org.junit.jupiter.api.Test;

/** A link that several monitors have watched, one after the other. */
class MovedLinkTest extends EachTransport {
  @Test
  void aMovedLinksDescriptorIsClosedWhileItsMonitorsAreIdle() throws Exception {
    try (FailingSource source = new FailingSource();
        KeepaliveMonitor first = KeepaliveMonitor.open();
        KeepaliveMonitor second = KeepaliveMonitor.open();
        KeepaliveMonitor third = KeepaliveMonitor.open()) {
      int before = Descriptors.count();
      try (LinkPair pair = source.connect()) {
        for (KeepaliveMonitor monitor : new KeepaliveMonitor[] {first, second, first, third}) {
          monitor.watch(pair.link(), failover -> {});
          assertTrue(monitor.unwatch(pair.link()));
        }
      }
      Descriptors.assertBackTo(before);
    }
  }

  @Test
  void aMovedLinksDescriptorIsClosedAfterItsFirstMonitorIs() throws Exception {
    try (FailingSource source = new FailingSource();
        KeepaliveMonitor second = KeepaliveMonitor.open()) {
      int before = Descriptors.count();
      try (LinkPair pair = source.connect()) {
        try (KeepaliveMonitor first = KeepaliveMonitor.open()) {
          first.watch(pair.link(), failover -> {});
          assertTrue(first.unwatch(pair.link()));
        }
        second.watch(pair.link(), failover -> {});
      }
      Descriptors.assertBackTo(before);
    }
  }
}
