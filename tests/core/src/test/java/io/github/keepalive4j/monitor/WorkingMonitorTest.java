package io.github.keepalive4j.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.MonitorListener;
import io.github.keepalive4j.support.EpollFault;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.LinkPair;
import io.github.keepalive4j.support.LogRecords;
import io.github.keepalive4j.support.Recorder;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A monitor whose wait for events fails says so, and goes on once it can. */
class WorkingMonitorTest extends MonitorTest {
  private record Report(Object link, Throwable error) {}

  @Test
  void aMonitorWorksWhileItIsOpen() throws Exception {
    KeepaliveMonitor monitor = KeepaliveMonitor.open();
    assertTrue(monitor.isWorking());
    monitor.close();
    assertFalse(monitor.isWorking());
  }

  @Test
  void aWaitThatKeepsFailingIsAnAlarm() throws Exception {
    BlockingQueue<Report> reports = new LinkedBlockingQueue<>();
    Recorder first = new Recorder();
    Recorder second = new Recorder();
    try (EpollFault epoll = new EpollFault();
        KeepaliveMonitor monitor =
            KeepaliveMonitor.builder()
                .errorHandler((link, error) -> reports.add(new Report(link, error)))
                .open()) {
      LinkPair waking = source.connect();
      LinkPair later = source.connect();
      monitor.watch(waking.link(), first);
      monitor.watch(later.link(), second);
      awaitRegistered(monitor);
      epoll.begin();
      waking.finish(); // if a wait is under way, it still ends well
      Report report = reports.poll(10, TimeUnit.SECONDS);
      assertNull(report.link());
      assertEquals(
          "waiting for events failed; the monitor tries again", report.error().getMessage());
      Eventually.await("it doesn't work", () -> !monitor.isWorking());
      later.finish();
      epoll.end();
      first.await("failover CLOSED");
      second.await("failover CLOSED");
      Eventually.await("the monitor works again", monitor::isWorking);
      assertEquals(0, reports.size());
      awaitClosed(waking.link());
      awaitClosed(later.link());
    }
  }

  /** The JDK puts a link into its set in the next wait: once a later link fails, it has. */
  private void awaitRegistered(KeepaliveMonitor monitor) throws Exception {
    Recorder last = new Recorder();
    LinkPair pair = source.connect();
    monitor.watch(pair.link(), last);
    pair.finish();
    last.await("failover CLOSED");
    awaitClosed(pair.link());
  }

  @Test
  void withoutAnErrorHandlerItIsLogged() throws Exception {
    Recorder recorder = new Recorder();
    try (LogRecords log = LogRecords.of(KeepaliveMonitor.class);
        EpollFault epoll = new EpollFault();
        KeepaliveMonitor monitor = KeepaliveMonitor.open()) {
      LinkPair waking = source.connect();
      monitor.watch(waking.link(), recorder);
      awaitRegistered(monitor);
      epoll.begin();
      waking.finish();
      Eventually.await("a line", () -> log.messages().contains("a monitor is in trouble"));
      epoll.end();
      recorder.await("failover CLOSED");
      awaitClosed(waking.link());
    }
  }

  @Test
  void aListenerKnowsItsMonitors() throws Exception {
    List<String> heard = new CopyOnWriteArrayList<>();
    MonitorListener listener =
        new MonitorListener() {
          @Override
          public void onOpened(KeepaliveMonitor monitor) {
            heard.add("opened, working: " + monitor.isWorking());
          }

          @Override
          public void onClosed(KeepaliveMonitor monitor) {
            heard.add("closed, working: " + monitor.isWorking());
          }
        };
    KeepaliveMonitor monitor = KeepaliveMonitor.builder().listener(listener).open();
    monitor.close();
    monitor.close();
    assertEquals(List.of("opened, working: true", "closed, working: false"), heard);
  }
}
