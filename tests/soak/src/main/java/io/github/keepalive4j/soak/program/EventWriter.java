package io.github.keepalive4j.soak.program;

import io.github.keepalive4j.Failover;
import io.github.keepalive4j.FailoverCallback;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.LinkListener;
import io.github.keepalive4j.Watch;
import java.util.function.Consumer;

/** Passes on what a monitor reports of one link. */
public final class EventWriter implements FailoverCallback, LinkListener {
  private final String name;
  private final Consumer<BackupEvent> sink;

  /**
   * Makes a writer.
   *
   * @param sink takes the events, on the monitor's threads
   */
  public EventWriter(String name, Consumer<BackupEvent> sink) {
    this.name = name;
    this.sink = sink;
  }

  @Override
  public void onUp(LinkUpdate update) {
    write(BackupEvent.UP, BackupEvent.NO_DETAIL);
  }

  @Override
  public void onSuspect(LinkUpdate update) {
    write(BackupEvent.SUSPECT, Integer.toString(update.unansweredProbes()));
  }

  @Override
  public void onRecovered(LinkUpdate update) {
    write(BackupEvent.RECOVERED, BackupEvent.NO_DETAIL);
  }

  @Override
  public void onConfirmed(Confirmation event) {
    write(BackupEvent.CONFIRMED, event.failure().cause().toString());
  }

  @Override
  public void onFailover(Failover failover) {
    Failure failure = failover.failure();
    sink.accept(
        new BackupEvent(
            name,
            BackupEvent.FAILOVER,
            failure.cause().toString(),
            failure.verdictNs(),
            failure.callbackNs()));
  }

  @Override
  public void onEnded(Watch.End end) {
    switch (end.kind()) {
      case LEFT -> write(BackupEvent.LEFT, BackupEvent.NO_DETAIL);
      case ABORTED -> write(BackupEvent.ABORTED, BackupEvent.NO_DETAIL);
      case VIOLATED ->
          write(
              BackupEvent.VIOLATION, Integer.toString(end.failures().get(0).octet().orElseThrow()));
      case CANCELLED -> {
        // its owner knows
      }
      default ->
          write(
              BackupEvent.FAILED, end.failures().get(0).errnoName().orElse(BackupEvent.NO_DETAIL));
    }
  }

  private void write(String event, String detail) {
    sink.accept(BackupEvent.now(name, event, detail));
  }
}
