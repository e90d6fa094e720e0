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
 * What befalls the links to a source, or to all.
 *
 * @param fault the fault; null where the source stands down, which is none
 */
public record Trouble(FaultKind fault) {
  public static final Trouble STAND_DOWN = new Trouble(null);

  /** The network's, between one source and the backup. */
  public static final List<Trouble> CUTS =
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

  public static final List<Trouble> LOSSES = of(LOSSY, LOSSY_INCOMING, LOSSY_OUTGOING);

  public static final Trouble HANG = new Trouble(SOURCE_STOP);
  public static final Trouble KILL = new Trouble(SOURCE_KILL);

  /** What ends all connections to one source, and is over then. */
  public static final List<Trouble> ENDS =
      Stream.concat(
              of(SOURCE_KILL, SOURCE_KILL_SOCKETS, BACKUP_KILL_SOCKETS).stream(),
              Stream.of(STAND_DOWN))
          .toList();

  /**
   * The backup's own, which befall the links to all sources. A full queue isn't among them: it
   * makes keepalive wait, and so hides what else befalls a link.
   */
  public static final List<Trouble> AT_BACKUP =
      of(BACKUP_REJECT, BACKUP_REMOVE_ADDRESS, BACKUP_LINK_DOWN, BACKUP_PAUSE);

  /** Keep neighbours from resolving each other, which the kernel calls unreachable. */
  private static final Set<FaultKind> UNRESOLVED =
      EnumSet.of(
          SOURCE_REMOVE_ADDRESS,
          SOURCE_LINK_DOWN,
          SOURCE_QUEUE_FULL,
          BACKUP_REMOVE_ADDRESS,
          BACKUP_LINK_DOWN);

  private static final List<Damage> ENDINGS =
      List.of(Damage.SOURCE_ENDS, Damage.RESET_BY_SOURCE, Damage.ABORTED_HERE);

  private static List<Trouble> of(FaultKind... faults) {
    return Stream.of(faults).map(Trouble::new).toList();
  }

  /** Tells whether it ends connections at once, and is over then. */
  public boolean isEnd() {
    return fault == null || ENDINGS.stream().anyMatch(fault::does);
  }

  /** Tells whether neighbours have forgotten each other when it is undone. */
  public boolean isUnresolved() {
    return UNRESOLVED.contains(fault);
  }

  /** Tells whether it loses packets, for the end of a connection not to be heard. */
  boolean isCut() {
    return !isEnd()
        && fault.damages().stream()
            .anyMatch(damage -> damage != Damage.SOURCE_HANGS && damage != Damage.BACKUP_PAUSED);
  }

  /** Tells whether such a link hears nothing for as long as it lasts. */
  boolean silences(LinkKind kind) {
    return !isEnd() && expectation(kind).isFailover();
  }

  /** Tells whether such a link hears that its source stands down. */
  boolean isFarewellTo(LinkKind kind) {
    return fault == null && kind.mechanism() != Mechanism.KEEPALIVE;
  }

  /** Returns with which causes such a link may fail by this alone. */
  Set<FailureCause> causes(LinkKind kind) {
    if (fault == null) {
      return isFarewellTo(kind) ? Set.of() : EnumSet.of(FailureCause.CLOSED);
    }
    EnumSet<FailureCause> causes = EnumSet.noneOf(FailureCause.class);
    causes.addAll(expectation(kind).causes());
    if (isUnresolved() && !causes.isEmpty()) {
      causes.add(FailureCause.UNREACHABLE);
    }
    if (causes.contains(FailureCause.UNREACHABLE)) {
      causes.add(FailureCause.TIMED_OUT); // ICMP errors have a limit (icmp_msgs_per_sec)
    }
    if (kind.mechanism() == Mechanism.PROCESS && !causes.isEmpty() && !isEnd()) {
      causes.add(FailureCause.HUNG); // the network is back in time for the kernel alone
    }
    return causes;
  }

  private Expectation expectation(LinkKind kind) {
    return Model.of(List.of(fault), kind.mechanism(), kind.family());
  }

  @Override
  public String toString() {
    return fault == null ? "source's program: standDown()" : fault.toString();
  }
}
