package io.github.keepalive4j.cli.watch;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.cli.command.RunningCommand;
import io.github.keepalive4j.cli.command.UserCommand;
import io.github.keepalive4j.cli.output.Event;
import io.github.keepalive4j.cli.output.Messages;
import io.github.keepalive4j.cli.output.Output;
import io.github.keepalive4j.cli.qemu.Machine;
import io.github.keepalive4j.internal.guard.Claims;
import io.github.keepalive4j.internal.guard.HeldClaim;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What a failover starts in the source's place: QEMU's machine, a command, or both. If they run on
 * a claim, they are stopped before it is released and once it is lost. Nothing is started after
 * that.
 */
final class TakeoverActions {
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final Output output;
  private final Machine machine; // null for none
  private final UserCommand command; // null for none
  private final Advertisement advertisement; // null for none
  private Occasion occasion; // guarded by this; null before it
  private RunningCommand running; // guarded by this; null before the command
  private Thread taking; // guarded by this; runs the machine's takeover now, or null
  private boolean over; // guarded by this
  private boolean stopped; // guarded by this

  TakeoverActions(
      Output output, Machine machine, UserCommand command, Advertisement advertisement) {
    this.output = output;
    this.machine = machine;
    this.command = command;
    this.advertisement = advertisement;
  }

  /** Has a command wait for its start. */
  static void arm(UserCommand command, boolean onClaim) {
    if (command != null) {
      command.armSoon(onClaim, GRACE);
    }
  }

  /** Takes over. Returns whether all actions succeeded; if not, the claim has been released. */
  boolean begin(Occasion begun) throws InterruptedException {
    synchronized (this) {
      occasion = begun;
    }
    if (isOnClaim()) {
      HeldClaim.beforeRelease(claim().orElseThrow(), this::stopPlanned);
    }
    boolean succeeded = false;
    try {
      succeeded = machineRuns(begun.peer()) && stands() && commandSucceeds(begun);
    } finally {
      if (!succeeded) {
        boolean unused = stands(); // a lease that is over is a loss, and no release
        giveUp();
      }
    }
    return succeeded;
  }

  private boolean machineRuns(String peer) throws InterruptedException {
    if (machine == null || !beginTaking()) {
      return !isOver();
    }
    try {
      return machine.run(peer, this::mayAct) && !isOver();
    } catch (InterruptedException e) {
      if (isOver()) {
        return false; // whoever stops it has called it off
      }
      throw e;
    } finally {
      endTaking();
    }
  }

  /**
   * Tells whether the machine may be told anything. A pause of this process may outlast the lease.
   * It ends no claim: what stops the machine waits for the thread that asks.
   */
  private boolean mayAct() {
    return !isOver()
        && claim().flatMap(Claims::leaseLeft).map(TakeoverActions::isLeft).orElse(true);
  }

  private static boolean isLeft(Duration lease) {
    return lease.compareTo(Duration.ZERO) > 0;
  }

  private synchronized boolean beginTaking() {
    taking = over ? null : Thread.currentThread();
    return !over;
  }

  private synchronized void endTaking() {
    taking = null;
    if (over) {
      boolean unused = Thread.interrupted(); // it was for the takeover
    }
    notifyAll();
  }

  private boolean commandSucceeds(Occasion begun) throws InterruptedException {
    if (command == null) {
      advertise();
      return !isOver();
    }
    try {
      RunningCommand started = start(begun);
      advertise();
      int status = started == null ? 0 : started.head().waitFor();
      if (status != 0 && stands()) {
        if (advertisement != null) {
          advertisement
              .workloadEnded(); // they wait for the claim, which is released after the stop
        }
        tellError(begun.peer(), "the failover command exited with " + status);
      }
      return status == 0 && !isOver();
    } catch (IOException e) {
      tellError(begun.peer(), "the failover command didn't start: " + Messages.of(e));
      return false;
    }
  }

  private synchronized RunningCommand start(Occasion begun) throws IOException {
    if (!over) {
      Map<String, String> environment = begun.toEnvironment();
      running =
          isOnClaim()
              ? command.startOn(claim().orElseThrow(), environment, GRACE)
              : RunningCommand.of(command.start(environment));
    }
    return running;
  }

  /** What took over runs by now, so others may watch it. */
  private void advertise() {
    if (advertisement != null && isOnClaim() && !isOver()) {
      advertisement.begin();
    }
  }

  private void tellError(String peer, String message) {
    output.event(Event.error(peer, message));
  }

  /** Tells whether it is to run. A claim whose lease is over is lost by the question. */
  private boolean stands() {
    return claim().map(Claim::isValid).orElse(true) && !isOver();
  }

  private synchronized boolean isOver() {
    return over;
  }

  synchronized boolean hasBegun() {
    return occasion != null;
  }

  private synchronized Optional<Claim> claim() {
    return Optional.ofNullable(occasion).flatMap(Occasion::claim);
  }

  /** Returns whether it holds a claim that ends with this process at the latest. */
  boolean isOnClaim() {
    return claim().filter(claim -> claim.token().isPresent()).isPresent();
  }

  /** Tells whether something may still run on a claim. */
  boolean mayRunOnClaim() {
    return isOnClaim() && !isOver();
  }

  /** Stops what was started, and returns when it no longer runs, whichever thread stops it. */
  synchronized void stop() {
    if (over) {
      awaitUntil(() -> stopped);
      return;
    }
    over = true;
    try {
      stopAll();
    } finally {
      stopped = true;
      notifyAll();
    }
  }

  /** A machine whose takeover is still on its way would run after it was paused. */
  private void stopAll() {
    if (taking != null) {
      taking.interrupt();
      awaitUntil(() -> taking == null);
    }
    if (running != null) {
      running.allow(GRACE.plus(GRACE)); // the machine comes first
    }
    try {
      if (machine != null && occasion != null) {
        machine.stop(occasion.peer(), GRACE);
      }
    } finally {
      if (running != null) {
        running.terminate(GRACE);
      }
      if (advertisement != null) {
        advertisement.close(); // others take over at once
      }
    }
  }

  /** Likewise, where the claim is given up on purpose: those that watch this one hear a goodbye. */
  private void stopPlanned() {
    try {
      if (advertisement != null) {
        advertisement.standDown();
      }
    } finally { // also where no thread can be started
      stop();
    }
  }

  private synchronized void awaitUntil(BooleanSupplier condition) {
    boolean interrupted = false;
    while (!condition.getAsBoolean()) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Releases the claim once nothing runs on it any more. What hasn't begun never does. */
  void giveUp() {
    callOff();
    if (isOnClaim()) {
      stopPlanned();
    }
    release();
  }

  private synchronized void callOff() {
    if (occasion == null) {
      over = true;
      stopped = true;
    }
  }

  /** Releases the claim, even if something still runs. */
  void release() {
    claim().ifPresent(Claim::release);
  }
}
