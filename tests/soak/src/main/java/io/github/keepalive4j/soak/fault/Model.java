package io.github.keepalive4j.soak.fault;

import static io.github.keepalive4j.soak.fault.Damage.ABORTED_HERE;
import static io.github.keepalive4j.soak.fault.Damage.FORWARD_LOST;
import static io.github.keepalive4j.soak.fault.Damage.QUEUE_FULL;
import static io.github.keepalive4j.soak.fault.Damage.REJECTED;
import static io.github.keepalive4j.soak.fault.Damage.RESET_BY_SOURCE;
import static io.github.keepalive4j.soak.fault.Damage.REVERSE_LOST;
import static io.github.keepalive4j.soak.fault.Damage.ROUTE_GONE;
import static io.github.keepalive4j.soak.fault.Damage.SOME_LOST;
import static io.github.keepalive4j.soak.fault.Damage.SOURCE_ENDS;
import static io.github.keepalive4j.soak.fault.Damage.SOURCE_HANGS;

import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.soak.fault.Expectation.Suspicion;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Predicts what a link must report when faults are injected one after the other and stay active. A
 * probed link fails by the first fault before the second comes; a keepalive link does not.
 */
public final class Model {
  /** How long a link is observed that nothing ends. The source is more patient than that. */
  private static final Duration OBSERVED_FOR = KeepaliveOptions.defaults().worstCaseDetection();

  private final List<FaultKind> faults;
  private final Mechanism mechanism;
  private final Family family;

  private Model(List<FaultKind> faults, Mechanism mechanism, Family family) {
    this.faults = faults;
    this.mechanism = mechanism;
    this.family = family;
  }

  /** Predicts what a link reports. */
  public static Expectation of(List<FaultKind> faults, Mechanism mechanism, Family family) {
    return new Model(faults, mechanism, family).expect();
  }

  private Expectation expect() {
    int silentSince = -1;
    for (int i = 0; i < faults.size(); i++) {
      List<FaultKind> inForce = faults.subList(0, i + 1);
      if (faults.get(i).does(ABORTED_HERE)) { // says nothing of the source
        return expectation(Set.of(), i, suspicionOfNone(), Duration.ZERO);
      }
      Set<FailureCause> atOnce = endsAtOnce(inForce);
      if (!atOnce.isEmpty()) {
        return expectation(atOnce, i, suspicionOfNone(), Duration.ZERO);
      }
      silentSince = !isSilent(inForce) ? -1 : silentSince < 0 ? i : silentSince;
      boolean over = mechanism != Mechanism.KEEPALIVE || i == faults.size() - 1;
      if (silentSince >= 0 && over) {
        Duration within = mechanism.options().worstCaseDetection();
        return expectation(causesOfSilence(inForce), silentSince, suspicionOfSilence(), within);
      }
    }
    return expectation(Set.of(), 0, suspicionOfNone(), OBSERVED_FOR);
  }

  private Expectation expectation(
      Set<FailureCause> causes, int decisive, Suspicion suspicion, Duration within) {
    Duration pause =
        faults.contains(FaultKind.BACKUP_PAUSE) ? FaultKind.BACKUP_PAUSE_LENGTH : Duration.ZERO;
    boolean certain = !within.equals(OBSERVED_FOR) || !any(faults, SOME_LOST);
    return new Expectation(causes, certain, decisive, suspicion, within.plus(pause));
  }

  private static boolean any(List<FaultKind> inForce, Damage damage) {
    return inForce.stream().anyMatch(fault -> fault.does(damage));
  }

  private Set<FailureCause> endsAtOnce(List<FaultKind> inForce) {
    FaultKind latest = inForce.get(inForce.size() - 1);
    if (any(inForce, REVERSE_LOST)) {
      return Set.of(); // neither a FIN nor an RST arrives
    }
    if (latest.does(RESET_BY_SOURCE)) {
      return EnumSet.of(FailureCause.RESET);
    }
    return latest.does(SOURCE_ENDS) ? causesOfEnd() : Set.of();
  }

  /**
   * A kernel sends an RST instead of a FIN for a connection with unread bytes (RFC 2525, 2.17).
   * Before that, the process is already dying and answers no queries.
   */
  private Set<FailureCause> causesOfEnd() {
    return switch (mechanism) {
      case KEEPALIVE -> EnumSet.of(FailureCause.CLOSED);
      case FAST -> EnumSet.of(FailureCause.CLOSED, FailureCause.RESET);
      case PROCESS -> EnumSet.of(FailureCause.CLOSED, FailureCause.RESET, FailureCause.HUNG);
    };
  }

  private boolean isSilent(List<FaultKind> inForce) {
    return isUnacknowledged(inForce)
        || (mechanism == Mechanism.PROCESS && any(inForce, SOURCE_HANGS));
  }

  private boolean isUnacknowledged(List<FaultKind> inForce) {
    return any(inForce, FORWARD_LOST)
        || any(inForce, REVERSE_LOST)
        || any(inForce, REJECTED)
        || any(inForce, ROUTE_GONE)
        || any(inForce, QUEUE_FULL);
  }

  private Set<FailureCause> causesOfSilence(List<FaultKind> inForce) {
    if (!isUnacknowledged(inForce)) {
      return EnumSet.of(FailureCause.HUNG);
    }
    EnumSet<FailureCause> causes = EnumSet.noneOf(FailureCause.class);
    boolean reported = isIcmpReceived(inForce) || isNoRouteRecorded(inForce);
    if (reported || isIcmpReceived(inForce.subList(0, 1))) {
      causes.add(FailureCause.UNREACHABLE);
    }
    if (!reported) {
      causes.add(FailureCause.TIMED_OUT);
    }
    if (mechanism == Mechanism.PROCESS && any(inForce, REVERSE_LOST)) {
      causes.add(FailureCause.HUNG); // cut between a query's acknowledgement and its answer
    }
    return causes;
  }

  /** An IPv6 socket records that its segment found no route (inet6_csk_xmit()). */
  private boolean isNoRouteRecorded(List<FaultKind> inForce) {
    return family == Family.IPV6 && any(inForce, ROUTE_GONE);
  }

  /** Tells whether ICMP errors arrive. Of two rules on one host the later one is applied first. */
  private static boolean isIcmpReceived(List<FaultKind> inForce) {
    if (any(inForce, REVERSE_LOST) || any(inForce, ROUTE_GONE) || any(inForce, QUEUE_FULL)) {
      return false;
    }
    boolean received = false;
    for (FaultKind fault : inForce) {
      received = fault.does(REJECTED) || (received && !fault.does(FORWARD_LOST));
    }
    return received;
  }

  /** A link with frequent probes may fail at the very check that would suspect it. */
  private Suspicion suspicionOfSilence() {
    return mechanism == Mechanism.KEEPALIVE ? Suspicion.REQUIRED : Suspicion.POSSIBLE;
  }

  /**
   * On a busy machine a process may answer so late that it is suspected. And a probe is lost but
   * counted if the queue is being replaced at that moment (noop_enqueue()).
   */
  private Suspicion suspicionOfNone() {
    return any(faults, SOME_LOST) || any(faults, QUEUE_FULL) || mechanism == Mechanism.PROCESS
        ? Suspicion.POSSIBLE
        : Suspicion.NEVER;
  }
}
