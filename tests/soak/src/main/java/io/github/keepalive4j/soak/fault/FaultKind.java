package io.github.keepalive4j.soak.fault;

import static io.github.keepalive4j.soak.fault.Damage.ABORTED_HERE;
import static io.github.keepalive4j.soak.fault.Damage.BACKUP_PAUSED;
import static io.github.keepalive4j.soak.fault.Damage.CARRIER_GONE;
import static io.github.keepalive4j.soak.fault.Damage.FORWARD_LOST;
import static io.github.keepalive4j.soak.fault.Damage.REJECTED;
import static io.github.keepalive4j.soak.fault.Damage.RESET_BY_SOURCE;
import static io.github.keepalive4j.soak.fault.Damage.REVERSE_LOST;
import static io.github.keepalive4j.soak.fault.Damage.ROUTE_GONE;
import static io.github.keepalive4j.soak.fault.Damage.SOME_LOST;
import static io.github.keepalive4j.soak.fault.Damage.SOURCE_ENDS;
import static io.github.keepalive4j.soak.fault.Damage.SOURCE_HANGS;

import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.ManagedProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Every fault of the testkit between a source and a backup. A drop or loss at the backup's host
 * equals one at the source's host in the other direction, by the same rule, so it isn't listed
 * twice.
 */
@SuppressWarnings("ImmutableEnumChecker") // the lambdas hold nothing mutable
public enum FaultKind {
  DROP("source.drop()", target -> target.source().drop(), FORWARD_LOST, REVERSE_LOST),
  DROP_PEER(
      "source.drop(backup)",
      target -> target.source().drop(target.backup()),
      FORWARD_LOST,
      REVERSE_LOST),
  DROP_INCOMING("source.dropIncoming()", target -> target.source().dropIncoming(), FORWARD_LOST),
  DROP_OUTGOING("source.dropOutgoing()", target -> target.source().dropOutgoing(), REVERSE_LOST),
  DROP_FROM(
      "source.dropFrom(backup)", target -> target.source().dropFrom(target.backup()), FORWARD_LOST),
  DROP_TO("source.dropTo(backup)", target -> target.source().dropTo(target.backup()), REVERSE_LOST),
  LOSSY("source.lossy(1)", target -> target.source().lossy(1), SOME_LOST),
  LOSSY_INCOMING("source.lossyIncoming(1)", target -> target.source().lossyIncoming(1), SOME_LOST),
  LOSSY_OUTGOING("source.lossyOutgoing(1)", target -> target.source().lossyOutgoing(1), SOME_LOST),
  SOURCE_REJECT("source.reject()", target -> target.source().reject(), REJECTED),
  SOURCE_REJECT_FROM(
      "source.rejectFrom(backup)", target -> target.source().rejectFrom(target.backup()), REJECTED),
  BACKUP_REJECT("backup.reject()", target -> target.backup().reject(), REVERSE_LOST),
  SOURCE_REMOVE_ADDRESS(
      "source.removeAddress()",
      target -> target.source().removeAddress(),
      FORWARD_LOST,
      REVERSE_LOST),
  BACKUP_REMOVE_ADDRESS(
      "backup.removeAddress()",
      target -> target.backup().removeAddress(),
      ROUTE_GONE,
      REVERSE_LOST),
  SOURCE_LINK_DOWN(
      "source.linkDown()",
      target -> target.source().linkDown(),
      FORWARD_LOST,
      REVERSE_LOST,
      CARRIER_GONE),
  BACKUP_LINK_DOWN(
      "backup.linkDown()", target -> target.backup().linkDown(), ROUTE_GONE, REVERSE_LOST),
  SOURCE_QUEUE_FULL("source.queueFull()", target -> target.source().queueFull(), REVERSE_LOST),
  BACKUP_QUEUE_FULL("backup.queueFull()", target -> target.backup().queueFull(), Damage.QUEUE_FULL),
  SOURCE_KILL_SOCKETS("source.killSockets(backup)", FaultKind::killSourceSockets, RESET_BY_SOURCE),
  BACKUP_KILL_SOCKETS("backup.killSockets(source)", FaultKind::killBackupSockets, ABORTED_HERE),
  SOURCE_STOP("source's process: stop()", target -> stop(target.sourceProgram()), SOURCE_HANGS),
  /** Over when {@link #inject} returns. */
  SOURCE_SHORT_STOP("source's process: stop(), 20 ms later cont()", FaultKind::stopShortly),
  SOURCE_KILL("source's process: kill()", FaultKind::killSource, SOURCE_ENDS),
  BACKUP_PAUSE("backup's process: stop(), 1 s later cont()", FaultKind::pauseBackup, BACKUP_PAUSED);

  /** Longer than the budget of a probed link, and than the time between two faults. */
  public static final Duration BACKUP_PAUSE_LENGTH = Duration.ofSeconds(1);

  private static final Duration SHORT_STOP = Duration.ofMillis(20);

  private interface Injection {
    AutoCloseable on(FaultTarget target) throws IOException;
  }

  private final String call;
  private final Injection injection;
  private final Set<Damage> damages;

  FaultKind(String call, Injection injection, Damage... damages) {
    this.call = call;
    this.injection = injection;
    EnumSet<Damage> set = EnumSet.noneOf(Damage.class);
    Collections.addAll(set, damages);
    this.damages = Collections.unmodifiableSet(set);
  }

  /**
   * Injects the fault, which is active when this returns.
   *
   * @return undoes the fault; the caller starts a killed process again
   */
  public AutoCloseable inject(FaultTarget target) throws IOException {
    return injection.on(target);
  }

  /** Returns the effects on a link. */
  public Set<Damage> damages() {
    return damages;
  }

  public boolean does(Damage damage) {
    return damages.contains(damage);
  }

  /** Returns the testkit's call. */
  @Override
  public String toString() {
    return call;
  }

  private static AutoCloseable killSourceSockets(FaultTarget target) throws IOException {
    target.source().killSockets(target.backup());
    return FaultKind::nothingToUndo;
  }

  private static AutoCloseable killBackupSockets(FaultTarget target) throws IOException {
    target.backup().killSockets(target.source());
    return FaultKind::nothingToUndo;
  }

  private static AutoCloseable killSource(FaultTarget target) throws IOException {
    target.sourceProgram().kill();
    return FaultKind::nothingToUndo;
  }

  private static void nothingToUndo() {}

  /** Stops the process, unless an earlier fault has killed it. */
  private static AutoCloseable stop(ManagedProcess process) throws IOException {
    return process.isAlive() ? process.stop() : FaultKind::nothingToUndo;
  }

  private static AutoCloseable stopShortly(FaultTarget target) throws IOException {
    AutoCloseable stopped = stop(target.sourceProgram());
    LockSupport.parkNanos(SHORT_STOP.toNanos());
    undo(stopped);
    return FaultKind::nothingToUndo;
  }

  private static AutoCloseable pauseBackup(FaultTarget target) throws IOException {
    Fault stopped = target.backupProgram().stop();
    Executor later =
        CompletableFuture.delayedExecutor(BACKUP_PAUSE_LENGTH.toMillis(), TimeUnit.MILLISECONDS);
    return CompletableFuture.runAsync(() -> undo(stopped), later)::join;
  }

  private static void undo(AutoCloseable fault) {
    try {
      fault.close();
    } catch (Exception e) {
      throw new IllegalStateException("a stopped process could not be continued", e);
    }
  }
}
