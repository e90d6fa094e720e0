package io.github.keepalive4j.cli;

import io.github.keepalive4j.FailoverCallback;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.LinkListener;
import io.github.keepalive4j.internal.AddressText;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** A watched link until its end, which it brings about where that is a failover. */
final class ArmedLink implements FailoverCallback, LinkListener {
  /** How a link ended. */
  enum End {
    TAKEN_OVER,
    FAILOVER_FAILED,
    SOURCE_LEFT,
    VIOLATED
  }

  private final Output output;
  private final QemuTakeover takeover; // null for none
  private final FailoverCommand command; // null for none
  private final LinkStatus status = new LinkStatus();
  private final CompletableFuture<End> end = new CompletableFuture<>();

  ArmedLink(Output output, QemuTakeover takeover, FailoverCommand command) {
    this.output = output;
    this.takeover = takeover;
    this.command = command;
  }

  End awaitEnd() {
    return end.join();
  }

  @Override
  public void onUp(KeepaliveSocket link) {
    output.event(Event.up(link));
    output.showStatus(() -> status.of(link));
  }

  @Override
  public void onSuspect(KeepaliveSocket link, int probes) {
    status.suspect(true);
    output.event(Event.suspect(link.peer(), probes));
  }

  @Override
  public void onRecovered(KeepaliveSocket link) {
    status.suspect(false);
    output.event(Event.recovered(link.peer()));
  }

  @Override
  public void onLeft(KeepaliveSocket link) {
    output.hideStatus();
    output.event(Event.closed(link.peer(), FailureCause.LEFT));
    end.complete(End.SOURCE_LEFT);
  }

  @Override
  public void onViolation(KeepaliveSocket link, int octet) {
    output.hideStatus();
    output.event(Event.violation(link.peer(), octet));
    end.complete(End.VIOLATED);
  }

  @Override
  public void onFailover(Failure failure) throws InterruptedException {
    output.hideStatus();
    output.event(Event.failover(failure));
    boolean succeeded = false;
    try {
      succeeded = (takeover == null || takeover.run(failure)) && (command == null || run(failure));
    } finally {
      end.complete(succeeded ? End.TAKEN_OVER : End.FAILOVER_FAILED);
    }
  }

  private boolean run(Failure failure) throws InterruptedException {
    try {
      int status = command.start(failure).waitFor();
      if (status != 0) {
        tellError(failure, "the failover command exited with " + status);
      }
      return status == 0;
    } catch (IOException e) {
      tellError(failure, "the failover command didn't start: " + Messages.of(e));
      return false;
    }
  }

  private void tellError(Failure failure, String message) {
    output.event(Event.error(AddressText.of(failure.peer()), message));
  }
}
