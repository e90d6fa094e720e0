package io.github.keepalive4j.internal.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.LinkListener.LinkUpdate;
import io.github.keepalive4j.Standby;
import io.github.keepalive4j.Standby.State;
import io.github.keepalive4j.Watch;
import io.github.keepalive4j.support.FailingSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Calls of a watch that come late, as another thread's may. */
class ArmingTest {
  private final List<String> heard = new ArrayList<>();

  private final Standby.Listener listener =
      new Standby.Listener() {
        @Override
        public void onUp(LinkUpdate event) {
          heard.add("up");
        }

        @Override
        public void onSuspect(LinkUpdate event) {
          heard.add("suspect");
        }

        @Override
        public void onRecovered(LinkUpdate event) {
          heard.add("recovered");
        }

        @Override
        public void onEnded(Watch.End end) {
          heard.add("ended");
        }
      };

  private final Progress progress = new Progress(listener, Runnable::run);
  private final Arming arming = new Arming(progress, failover -> heard.add("failover"), listener);

  private interface Scene {
    void play(LinkUpdate event, Watch.End end) throws Exception;
  }

  private static void play(Scene scene) throws Exception {
    try (FailingSource source = new FailingSource();
        KeepaliveMonitor monitor = KeepaliveMonitor.open();
        KeepaliveSocket link = source.connectLink()) {
      Watch watch = monitor.watch(link, failover -> {});
      watch.close();
      scene.play(new LinkUpdate(link, 0), watch.ended().toCompletableFuture().get());
    }
  }

  @Test
  void onlyTheEndIsToldOnceTheWatchHasEnded() throws Exception {
    play(
        (event, end) -> {
          arming.onUp(event);
          arming.conclude(end);
          progress.change(State.WAITING, null);
          arming.begun();
          arming.onUp(event);
          arming.onSuspect(event);
          arming.onRecovered(event);
          arming.onEnded(end);
          assertEquals(List.of("up", "ended"), heard);
          assertEquals(State.WAITING, progress.state());
        });
  }

  @Test
  void nothingIsToldAfterClosing() throws Exception {
    play(
        (event, end) -> {
          arming.onUp(event);
          progress.close(null);
          arming.onSuspect(event);
          arming.onRecovered(event);
          arming.onEnded(end);
          assertEquals(List.of("up"), heard);
          assertEquals(State.CLOSED, progress.state());
        });
  }

  @Test
  void aLateCallDoesNotUndoATakeover() throws Exception {
    play(
        (event, end) -> {
          progress.change(State.TAKING_OVER, null);
          arming.onUp(event);
          arming.onSuspect(event);
          assertEquals(List.of("up", "suspect"), heard);
          assertEquals(State.TAKING_OVER, progress.state());
        });
  }

  @Test
  void theBeginOfAWatchDoesNotUndoWhatItsCallsHaveTold() throws Exception {
    play(
        (event, end) -> {
          arming.onSuspect(event);
          arming.begun();
          assertEquals(State.SUSPECT, progress.state());
        });
  }
}
