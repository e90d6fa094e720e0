package io.github.keepalive4j.soak.program;

import io.github.keepalive4j.FailoverCallback;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.LinkListener;

/** Writes down what a monitor tells of one link. */
final class EventWriter implements FailoverCallback, LinkListener {
  private final String name;

  EventWriter(String name) {
    this.name = name;
  }

  @Override
  public void onUp(KeepaliveSocket link) {
    tell(BackupEvent.UP, "-");
  }

  @Override
  public void onSuspect(KeepaliveSocket link, int probes) {
    tell(BackupEvent.SUSPECT, Integer.toString(probes));
  }

  @Override
  public void onRecovered(KeepaliveSocket link) {
    tell(BackupEvent.RECOVERED, "-");
  }

  @Override
  public void onLeft(KeepaliveSocket link) {
    tell("left", "-");
  }

  @Override
  public void onViolation(KeepaliveSocket link, int octet) {
    tell("violation", Integer.toString(octet));
  }

  @Override
  public void onFailover(Failure failure) {
    BackupEvent.write(name, BackupEvent.FAILOVER, failure.cause().toString(), failure.verdictNs());
  }

  @Override
  public void onFailed(Failure failure) {
    tell(BackupEvent.FAILED, failure.errnoName().orElse("-"));
  }

  private void tell(String event, String detail) {
    BackupEvent.write(name, event, detail, System.nanoTime());
  }
}
