package io.github.keepalive4j.cli.watch;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.cli.output.Event;
import io.github.keepalive4j.cli.output.Messages;
import io.github.keepalive4j.cli.output.Output;
import io.github.keepalive4j.internal.guard.Takeover;
import java.util.List;
import java.util.function.Consumer;

/** One takeover because of a claim's end: asks the guards, and runs what the failover starts. */
final class VacancyTakeover implements Takeover.Party, AutoCloseable {
  private final ClaimEnd end;
  private final Takeover takeover;
  private final Holding holding;
  private final Output output;
  private final Consumer<Claim> onBegin;
  private boolean closed; // guarded by this

  VacancyTakeover(
      ClaimEnd end, Takeover takeover, Holding holding, Output output, Consumer<Claim> onBegin) {
    this.end = end;
    this.takeover = takeover;
    this.holding = holding;
    this.output = output;
    this.onBegin = onBegin;
  }

  /** Returns once it has been declined, or once what it started has ended or was stopped. */
  void run() {
    takeover.run(List.of(), this);
  }

  Holding holding() {
    return holding;
  }

  @Override
  public synchronized boolean begin() {
    return !closed;
  }

  @Override
  public Throwable callBack(Claim claim) {
    onBegin.accept(claim);
    try {
      holding.takeOver(end.occasion(claim));
      return null;
    } catch (Throwable e) { // told in the journal; the claim has been released
      report(e);
      return e;
    }
  }

  @Override
  public void declined(String reason) {
    output.event(end.declined(Messages.oneLine(reason)));
  }

  @Override
  public void report(Throwable error) {
    output.event(Event.error(end.peer(), Messages.of(error)));
  }

  @Override
  public void end() {
    // whoever ran it sees to what follows
  }

  /** Interrupts the guards, stops what runs, and releases the claim. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    takeover.cancel();
    holding.giveUp();
  }
}
