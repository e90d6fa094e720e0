package io.github.keepalive4j.soak.fault;

import static io.github.keepalive4j.soak.fault.Damage.ABORTED_HERE;
import static io.github.keepalive4j.soak.fault.Damage.BACKUP_PAUSED;
import static io.github.keepalive4j.soak.fault.Damage.CARRIER_GONE;
import static io.github.keepalive4j.soak.fault.Damage.FORWARD_LOST;
import static io.github.keepalive4j.soak.fault.Damage.REJECTED;
import static io.github.keepalive4j.soak.fault.Damage.RESET_BY_SOURCE;
import static io.github.keepalive4j.soak.fault.Damage.REVERSE_LOST;
import static io.github.keepalive4j.soak.fault.Damage.ROUTE_GONE;
import static io.github.keepalive4j.soak.fault.Damage.SOURCE_ENDS;
import static io.github.keepalive4j.soak.fault.Damage.SOURCE_HANGS;
import static io.github.keepalive4j.soak.fault.Damage.THINNED;

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
 * Every fault of the testkit in a lab of two hosts. What is dropped or lost at the backup's host is
 * dropped or lost at the source's in the other direction, by the very same rule, and isn't listed
 * twice.
 */
@SuppressWarnings("ImmutableEnumChecker") // what the lambdas hold is
public enum FaultKind {
  DROP("source.drop()", scene -> scene.source().drop(), FORWARD_LOST, REVERSE_LOST),
  DROP_PEER(
      "source.drop(backup)",
      scene -> scene.source().drop(scene.backup()),
      FORWARD_LOST,
      REVERSE_LOST),
  DROP_INCOMING("source.dropIncoming()", scene -> scene.source().dropIncoming(), FORWARD_LOST),
  DROP_OUTGOING("source.dropOutgoing()", scene -> scene.source().dropOutgoing(), REVERSE_LOST),
  DROP_FROM(
      "source.dropFrom(backup)", scene -> scene.source().dropFrom(scene.backup()), FORWARD_LOST),
  DROP_TO("source.dropTo(backup)", scene -> scene.source().dropTo(scene.backup()), REVERSE_LOST),
  LOSSY("source.lossy(1)", scene -> scene.source().lossy(1), THINNED),
  LOSSY_INCOMING("source.lossyIncoming(1)", scene -> scene.source().lossyIncoming(1), THINNED),
  LOSSY_OUTGOING("source.lossyOutgoing(1)", scene -> scene.source().lossyOutgoing(1), THINNED),
  SOURCE_REJECT("source.reject()", scene -> scene.source().reject(), REJECTED),
  SOURCE_REJECT_FROM(
      "source.rejectFrom(backup)", scene -> scene.source().rejectFrom(scene.backup()), REJECTED),
  BACKUP_REJECT("backup.reject()", scene -> scene.backup().reject(), REVERSE_LOST),
  SOURCE_REMOVE_ADDRESS(
      "source.removeAddress()",
      scene -> scene.source().removeAddress(),
      FORWARD_LOST,
      REVERSE_LOST),
  BACKUP_REMOVE_ADDRESS(
      "backup.removeAddress()", scene -> scene.backup().removeAddress(), ROUTE_GONE, REVERSE_LOST),
  SOURCE_LINK_DOWN(
      "source.linkDown()",
      scene -> scene.source().linkDown(),
      FORWARD_LOST,
      REVERSE_LOST,
      CARRIER_GONE),
  BACKUP_LINK_DOWN(
      "backup.linkDown()", scene -> scene.backup().linkDown(), ROUTE_GONE, REVERSE_LOST),
  SOURCE_QUEUE_FULL("source.queueFull()", scene -> scene.source().queueFull(), REVERSE_LOST),
  BACKUP_QUEUE_FULL("backup.queueFull()", scene -> scene.backup().queueFull(), Damage.QUEUE_FULL),
  SOURCE_KILL_SOCKETS("source.killSockets(backup)", FaultKind::killSourceSockets, RESET_BY_SOURCE),
  BACKUP_KILL_SOCKETS("backup.killSockets(source)", FaultKind::killBackupSockets, ABORTED_HERE),
  SOURCE_STOP("source's process: stop()", scene -> stop(scene.sourceProgram()), SOURCE_HANGS),
  /** Is over when it has been inflicted. */
  SOURCE_BLINK("source's process: stop(), 20 ms later cont()", FaultKind::blink),
  SOURCE_KILL("source's process: kill()", FaultKind::killSource, SOURCE_ENDS),
  BACKUP_PAUSE("backup's process: stop(), 1 s later cont()", FaultKind::pauseBackup, BACKUP_PAUSED);

  /** Longer than the budgets of the probed links, and than the time between two faults. */
  public static final Duration BACKUP_PAUSE_LENGTH = Duration.ofSeconds(1);

  private static final Duration BLINK = Duration.ofMillis(20);

  private interface Infliction {
    AutoCloseable on(Scene scene) throws IOException;
  }

  private final String call;
  private final Infliction infliction;
  private final Set<Damage> damages;

  FaultKind(String call, Infliction infliction, Damage... damages) {
    this.call = call;
    this.infliction = infliction;
    EnumSet<Damage> set = EnumSet.noneOf(Damage.class);
    Collections.addAll(set, damages);
    this.damages = Collections.unmodifiableSet(set);
  }

  /**
   * Inflicts the fault, which is in force when this returns.
   *
   * @return what undoes it; a killed process is the caller's to start again
   */
  public AutoCloseable inflict(Scene scene) throws IOException {
    return infliction.on(scene);
  }

  /** Returns what it does to a link. */
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

  private static AutoCloseable killSourceSockets(Scene scene) throws IOException {
    scene.source().killSockets(scene.backup());
    return FaultKind::nothingToUndo;
  }

  private static AutoCloseable killBackupSockets(Scene scene) throws IOException {
    scene.backup().killSockets(scene.source());
    return FaultKind::nothingToUndo;
  }

  private static AutoCloseable killSource(Scene scene) throws IOException {
    scene.sourceProgram().kill();
    return FaultKind::nothingToUndo;
  }

  private static void nothingToUndo() {}

  /** There is nothing to stop of a program that was killed before. */
  private static AutoCloseable stop(ManagedProcess process) throws IOException {
    return process.isAlive() ? process.stop() : FaultKind::nothingToUndo;
  }

  private static AutoCloseable blink(Scene scene) throws IOException {
    AutoCloseable stopped = stop(scene.sourceProgram());
    LockSupport.parkNanos(BLINK.toNanos());
    undo(stopped);
    return FaultKind::nothingToUndo;
  }

  private static AutoCloseable pauseBackup(Scene scene) throws IOException {
    Fault stopped = scene.backupProgram().stop();
    Executor later =
        CompletableFuture.delayedExecutor(BACKUP_PAUSE_LENGTH.toMillis(), TimeUnit.MILLISECONDS);
    return CompletableFuture.runAsync(() -> undo(stopped), later)::join;
  }

  private static void undo(AutoCloseable fault) {
    try {
      fault.close();
    } catch (Exception e) {
      throw new IllegalStateException("a program doesn't go on", e);
    }
  }
}
