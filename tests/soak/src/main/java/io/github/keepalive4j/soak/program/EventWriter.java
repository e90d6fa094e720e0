package io.github.keepalive4j.soak.program;

import io.github.keepalive4j.FailoverCallback;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.LinkListener;
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
  public void onUp(KeepaliveSocket link) {
    write(BackupEvent.UP, BackupEvent.NO_DETAIL);
  }

  @Override
  public void onSuspect(KeepaliveSocket link, int probes) {
    write(BackupEvent.SUSPECT, Integer.toString(probes));
  }

  @Override
  public void onRecovered(KeepaliveSocket link) {
    write(BackupEvent.RECOVERED, BackupEvent.NO_DETAIL);
  }

  @Override
  public void onLeft(KeepaliveSocket link) {
    write(BackupEvent.LEFT, BackupEvent.NO_DETAIL);
  }

  @Override
  public void onViolation(KeepaliveSocket link, int octet) {
    write(BackupEvent.VIOLATION, Integer.toString(octet));
  }

  @Override
  public void onFailover(Failure failure) {
    sink.accept(
        new BackupEvent(
            name,
            BackupEvent.FAILOVER,
            failure.cause().toString(),
            failure.verdictNs(),
            failure.callbackNs()));
  }

  @Override
  public void onFailed(Failure failure) {
    write(BackupEvent.FAILED, failure.errnoName().orElse(BackupEvent.NO_DETAIL));
  }

  private void write(String event, String detail) {
    sink.accept(BackupEvent.now(name, event, detail));
  }
}
