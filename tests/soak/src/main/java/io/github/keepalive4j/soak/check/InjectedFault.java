package io.github.keepalive4j.soak.check;

import static io.github.keepalive4j.soak.fault.FaultKind.BACKUP_KILL_SOCKETS;
import static io.github.keepalive4j.soak.fault.FaultKind.BACKUP_LINK_DOWN;
import static io.github.keepalive4j.soak.fault.FaultKind.BACKUP_PAUSE;
import static io.github.keepalive4j.soak.fault.FaultKind.BACKUP_REJECT;
import static io.github.keepalive4j.soak.fault.FaultKind.BACKUP_REMOVE_ADDRESS;
import static io.github.keepalive4j.soak.fault.FaultKind.DROP;
import static io.github.keepalive4j.soak.fault.FaultKind.DROP_FROM;
import static io.github.keepalive4j.soak.fault.FaultKind.DROP_INCOMING;
import static io.github.keepalive4j.soak.fault.FaultKind.DROP_OUTGOING;
import static io.github.keepalive4j.soak.fault.FaultKind.DROP_PEER;
import static io.github.keepalive4j.soak.fault.FaultKind.DROP_TO;
import static io.github.keepalive4j.soak.fault.FaultKind.LOSSY;
import static io.github.keepalive4j.soak.fault.FaultKind.LOSSY_INCOMING;
import static io.github.keepalive4j.soak.fault.FaultKind.LOSSY_OUTGOING;
import static io.github.keepalive4j.soak.fault.FaultKind.SOURCE_KILL;
import static io.github.keepalive4j.soak.fault.FaultKind.SOURCE_KILL_SOCKETS;
import static io.github.keepalive4j.soak.fault.FaultKind.SOURCE_LINK_DOWN;
import static io.github.keepalive4j.soak.fault.FaultKind.SOURCE_QUEUE_FULL;
import static io.github.keepalive4j.soak.fault.FaultKind.SOURCE_REJECT;
import static io.github.keepalive4j.soak.fault.FaultKind.SOURCE_REJECT_FROM;
import static io.github.keepalive4j.soak.fault.FaultKind.SOURCE_REMOVE_ADDRESS;
import static io.github.keepalive4j.soak.fault.FaultKind.SOURCE_STOP;

import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.soak.fault.Damage;
import io.github.keepalive4j.soak.fault.Expectation;
import io.github.keepalive4j.soak.fault.FaultKind;
import io.github.keepalive4j.soak.fault.Mechanism;
import io.github.keepalive4j.soak.fault.Model;
import io.github.keepalive4j.soak.load.LinkKind;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A fault that a soak injects into the links of one source, or of all.
 *
 * @param kind the testkit's fault; null for a source that stands down, which is no fault there
 */
public record InjectedFault(FaultKind kind) {
  public static final InjectedFault STAND_DOWN = new InjectedFault(null);

  /** Faults of the network between one source and the backup. */
  public static final List<InjectedFault> CUTS =
      of(
          DROP,
          DROP_PEER,
          DROP_INCOMING,
          DROP_OUTGOING,
          DROP_FROM,
          DROP_TO,
          SOURCE_REJECT,
          SOURCE_REJECT_FROM,
          SOURCE_REMOVE_ADDRESS,
          SOURCE_LINK_DOWN,
          SOURCE_QUEUE_FULL);

  public static final List<InjectedFault> LOSSES = of(LOSSY, LOSSY_INCOMING, LOSSY_OUTGOING);

  public static final InjectedFault HANG = new InjectedFault(SOURCE_STOP);
  public static final InjectedFault KILL = new InjectedFault(SOURCE_KILL);

  /** Faults that end all connections to one source at once. */
  public static final List<InjectedFault> ENDS =
      Stream.concat(
              of(SOURCE_KILL, SOURCE_KILL_SOCKETS, BACKUP_KILL_SOCKETS).stream(),
              Stream.of(STAND_DOWN))
          .toList();

  /**
   * Faults of the backup's host, which affect the links to all sources. A full queue is left out:
   * the kernel does not count the keepalive probes that it drops, so it would hide other faults.
   */
  public static final List<InjectedFault> AT_BACKUP =
      of(BACKUP_REJECT, BACKUP_REMOVE_ADDRESS, BACKUP_LINK_DOWN, BACKUP_PAUSE);

  /** Faults that keep neighbours from resolving each other; the kernel then says unreachable. */
  private static final Set<FaultKind> UNRESOLVED =
      EnumSet.of(
          SOURCE_REMOVE_ADDRESS,
          SOURCE_LINK_DOWN,
          SOURCE_QUEUE_FULL,
          BACKUP_REMOVE_ADDRESS,
          BACKUP_LINK_DOWN);

  private static final List<Damage> ENDINGS =
      List.of(Damage.SOURCE_ENDS, Damage.RESET_BY_SOURCE, Damage.ABORTED_HERE);

  private static List<InjectedFault> of(FaultKind... faults) {
    return Stream.of(faults).map(InjectedFault::new).toList();
  }

  /** Tells whether it ends connections at once, rather than lasting for a time. */
  public boolean isEnd() {
    return kind == null || ENDINGS.stream().anyMatch(kind::does);
  }

  /** Tells whether neighbours have to resolve each other again after it is undone. */
  public boolean isUnresolved() {
    return UNRESOLVED.contains(kind);
  }

  /** Tells whether it loses packets and so may hide the end of a connection. */
  boolean isCut() {
    return !isEnd()
        && kind.damages().stream()
            .anyMatch(damage -> damage != Damage.SOURCE_HANGS && damage != Damage.BACKUP_PAUSED);
  }

  /** Tells whether a link of this kind hears nothing while it lasts. */
  boolean silences(LinkKind link) {
    return !isEnd() && expectation(link).isFailover();
  }

  /** Tells whether it is a stand-down of which a link of this kind hears. */
  boolean isStandDownHeardBy(LinkKind link) {
    return kind == null && link.mechanism() != Mechanism.KEEPALIVE;
  }

  /** Returns the causes with which a link of this kind may fail by this fault alone. */
  Set<FailureCause> causes(LinkKind link) {
    if (kind == null) {
      return isStandDownHeardBy(link) ? Set.of() : EnumSet.of(FailureCause.CLOSED);
    }
    EnumSet<FailureCause> causes = EnumSet.noneOf(FailureCause.class);
    causes.addAll(expectation(link).causes());
    if (kind.does(Damage.ABORTED_HERE)) {
      causes.add(FailureCause.ABORTED); // a soak's monitor fails over then, too
    }
    if (isUnresolved() && !causes.isEmpty()) {
      causes.add(FailureCause.UNREACHABLE);
    }
    if (causes.contains(FailureCause.UNREACHABLE)) {
      causes.add(FailureCause.TIMED_OUT); // the kernel limits ICMP errors (icmp_msgs_per_sec)
    }
    if (link.mechanism() == Mechanism.PROCESS && !causes.isEmpty() && !isEnd()) {
      causes.add(FailureCause.HUNG); // the network came back in time for the kernel's answer only
    }
    return causes;
  }

  private Expectation expectation(LinkKind link) {
    return Model.of(List.of(kind), link.mechanism(), link.family());
  }

  @Override
  public String toString() {
    return kind == null ? "source's program: standDown()" : kind.toString();
  }
}
