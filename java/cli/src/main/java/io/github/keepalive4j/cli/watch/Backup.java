package io.github.keepalive4j.cli.watch;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.Failover;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.Standby;
import io.github.keepalive4j.Watch;
import io.github.keepalive4j.cli.ExitStatus;
import io.github.keepalive4j.cli.guard.Guards;
import io.github.keepalive4j.cli.output.Event;
import io.github.keepalive4j.cli.output.Output;
import io.github.keepalive4j.cli.values.HostAndPort;
import io.github.keepalive4j.zookeeper.ClaimStatus;
import io.github.keepalive4j.zookeeper.ClaimWatch;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Watches a source, link after link, and beside it the claim on the source. What was started on a
 * claim is stopped when this is closed, if it wasn't before.
 */
final class Backup implements AutoCloseable {
  private final HostAndPort source;
  private final Target target;
  private final Knock knock; // on a source that has no claim, and that nothing watches now
  private final Guards guards;
  private final Output output;
  private final Supplier<TakeoverActions> actions;
  private final boolean rearm;
  private final Succession succession;
  private final Links links;
  private final Opening opening;
  private ClaimWatch claims; // guarded by this; null without claims
  private VacancyTakeover takeover; // guarded by this; the latest one on a vacant claim, or null

  /**
   * Makes a backup.
   *
   * @param whenUp called after each link's event that it is up
   */
  Backup(
      HostAndPort source,
      Target target,
      KeepaliveOptions options,
      Guards guards,
      Output output,
      Supplier<TakeoverActions> actions,
      boolean rearm,
      Succession succession,
      Runnable whenUp) {
    this.source = source;
    this.target = target;
    this.knock = new Knock(source::resolve, options);
    this.guards = guards;
    this.output = output;
    this.actions = actions;
    this.rearm = rearm;
    this.succession = succession;
    this.links = new Links(target, output, actions, succession, whenUp);
    this.opening =
        new Opening(
            trouble -> output.event(Event.error(target.toString(), trouble)), succession::isClosed);
  }

  /**
   * Connects and watches until there is nothing more to watch. Returns the exit status.
   *
   * @param standby of the source, with the monitor
   * @throws IOException if the source could not be reached at the start
   */
  int watch(Standby.Builder standby) throws IOException, InterruptedException {
    if (watchClaim()) {
      succession.awaitStatus();
    }
    standby
        .rearmIf(end -> isLinkTrouble(end) || (rearm && !lasts(end)))
        .listener(links)
        .onFailover(links::takeOver);
    boolean first = true;
    while (true) {
      target.choose(succession.winner());
      output.showStatus(() -> "connecting  " + target);
      CompletableFuture<Watch.End> end;
      Succession.Next next;
      boolean mustConnect = first && !succession.waits();
      try (Standby armed = opening.open(mustConnect ? standby::connect : standby::open, first)) {
        first = false;
        end = armed.ended().toCompletableFuture();
        next =
            succession.await(
                links::mayRun,
                () -> isUp(armed.state()) && target.isSource(),
                winner -> isReplaceable(armed.state()) && target.hasMoved(winner),
                end);
      }
      int status =
          switch (next) {
            case CONCLUDE -> conclude(end.join());
            case TAKE_CLAIM -> takeClaim();
            case RECONNECT -> ExitStatus.OK;
            case GIVE_UP -> throw new IOException("the source didn't come in the time of --wait");
            case CLOSE -> ExitStatus.FAILOVER_FAILED;
          };
      boolean goesOn = rearm || next == Succession.Next.RECONNECT;
      if (!goesOn || next == Succession.Next.CLOSE || succession.isClosed()) {
        return status;
      }
    }
  }

  /** Returns whether there is a claim to watch. */
  private synchronized boolean watchClaim() {
    claims = guards.watchClaim(succession::claimChanged).orElse(null);
    return claims != null;
  }

  /** Tells whether the link ended in a way that says nothing of the source. */
  private static boolean isLinkTrouble(Watch.End end) {
    return end.kind() == Watch.End.Kind.VIOLATED || end.kind() == Watch.End.Kind.ABORTED;
  }

  /**
   * Tells whether a takeover lasts until its claim is lost. Without a source that claims it lasts
   * only until there is a source again, to which the standby therefore tries to connect.
   */
  private boolean lasts(Watch.End end) {
    return succession.sourceClaims()
        && end.failover()
            .flatMap(Failover::claim)
            .map(Claim::token)
            .filter(token -> token.isPresent())
            .isPresent();
  }

  private static boolean isUp(Standby.State state) {
    return state == Standby.State.ARMED || state == Standby.State.SUSPECT;
  }

  /**
   * Tells whether another link may be connected in the place of this one. A link to a former winner
   * says nothing any more, and that of a stopped process stays up.
   */
  private boolean isReplaceable(Standby.State state) {
    boolean isSeeking = state == Standby.State.CONNECTING || state == Standby.State.WAITING;
    return isSeeking || (isUp(state) && !target.isSource());
  }

  private int conclude(Watch.End end) {
    return switch (end.kind()) {
      case TAKEN_OVER -> links.holdingOf(end).awaitStatus();
      case LEFT -> ExitStatus.OK;
      default -> ExitStatus.FAILOVER_FAILED;
    };
  }

  /** Takes over because nobody holds the claim, and returns once that has ended. */
  private int takeClaim() {
    ClaimStatus vacant = succession.status();
    if (vacant.isHeld() || !vacant.isKnown() || (!vacant.sourceClaims() && knock.isAnswered())) {
      succession.declined();
      return ExitStatus.FAILOVER_FAILED;
    }
    VacancyTakeover begun = begin(vacant);
    begun.run();
    if (!begun.holding().hasBegun()) {
      succession.declined();
      return ExitStatus.FAILOVER_FAILED;
    }
    if (begun.holding().hasFailed()) {
      succession.takeoverFailed();
    }
    return begun.holding().awaitStatus();
  }

  private synchronized VacancyTakeover begin(ClaimStatus vacant) {
    ClaimEnd end = ClaimEnd.of(vacant, succession.knowsHolder(), source.toString());
    takeover =
        new VacancyTakeover(
            end,
            guards.takeover(claims.successor(vacant), end.peer(), end.toEnvironment(), output),
            new Holding(output, actions.get()),
            output,
            succession::tookOver);
    if (succession.isClosed()) {
      takeover.close();
    }
    return takeover;
  }

  @Override
  public void close() {
    succession.close();
    VacancyTakeover last;
    ClaimWatch watch;
    synchronized (this) {
      last = takeover;
      watch = claims;
    }
    if (watch != null) {
      watch.close();
    }
    links.close();
    if (last != null) {
      last.close();
    }
  }
}
