package io.github.keepalive4j;

import static java.lang.System.Logger.Level.WARNING;

import io.github.keepalive4j.Watch.End;
import io.github.keepalive4j.Watch.LinkState;
import io.github.keepalive4j.internal.SafeLogger;
import io.github.keepalive4j.internal.guard.GuardSetting;
import io.github.keepalive4j.internal.guard.Takeover;
import io.github.keepalive4j.internal.guard.WatchJournal;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The links of one watch: counts their failures, and calls back once there are enough. */
final class LinkGroup {
  private static final System.Logger LOGGER = SafeLogger.get();

  private final KeepaliveMonitor monitor;
  private final int needed;
  private final FailoverCallback callback;
  private final @Nullable LinkListener listener; // null for none
  private final Takeover takeover;
  private final boolean direct;
  private final CompletableFuture<End> ended = new CompletableFuture<>();
  private List<WatchedLink> links; // immutable; guarded by this, as the state of each
  private List<Failure> failures = List.of(); // immutable; guarded by this
  private boolean decided; // guarded by this: no failure counts any more
  private boolean over; // guarded by this: the callback has begun, or may not begin any more
  private boolean cancelled; // guarded by this: its links are their owner's

  /** Makes a group of one, whose guard has been armed. */
  LinkGroup(
      KeepaliveMonitor monitor,
      KeepaliveSocket link,
      FailoverCallback callback,
      @Nullable LinkListener listener,
      GuardSetting armed) {
    this.monitor = monitor;
    this.needed = 1;
    this.callback = callback;
    this.listener = listener;
    this.takeover = newTakeover(armed);
    this.direct = takeover.isImmediate() && !monitor.confirming().isOn();
    this.links = List.of(new WatchedLink(monitor, link, this));
  }

  LinkGroup(
      KeepaliveMonitor monitor,
      Collection<KeepaliveSocket> sockets,
      int needed,
      FailoverCallback callback) {
    this.monitor = monitor;
    this.needed = needed;
    this.callback = callback;
    this.listener = null;
    this.takeover = newTakeover(monitor.arm());
    this.direct = takeover.isImmediate() && !monitor.confirming().isOn() && sockets.size() == 1;
    this.links = sockets.stream().map(link -> new WatchedLink(monitor, link, this)).toList();
  }

  private Takeover newTakeover(GuardSetting armed) {
    Journal journal = monitor.journal();
    if (journal == null && !armed.isPresent()) {
      return Takeover.IMMEDIATE;
    }
    WatchJournal record =
        journal == null
            ? WatchJournal.NONE
            : journal.newWatch(
                error -> monitor.errors().report(latestLink(), error),
                line -> monitor.observers().journalLate(listener, delayOf(line)));
    return new Takeover(armed, record, monitor.calls().counting(monitor.executor()));
  }

  /** Tells whether the callback follows the verdict of the only link at once. */
  boolean isDirect() {
    return direct;
  }

  Takeover takeover() {
    return takeover;
  }

  FailoverCallback callback() {
    return callback;
  }

  @Nullable LinkListener listener() {
    return listener;
  }

  CompletionStage<End> ended() {
    return ended.minimalCompletionStage();
  }

  /** Returns the link that came last: the one that is watched, where it is the only one. */
  synchronized KeepaliveSocket latestLink() {
    return links.get(links.size() - 1).link();
  }

  LinkListener.JournalDelay delayOf(String line) {
    return new LinkListener.JournalDelay(latestLink(), line);
  }

  synchronized List<WatchedLink> links() {
    return links;
  }

  synchronized Map<KeepaliveSocket, LinkState> linkStates() {
    Map<KeepaliveSocket, LinkState> states = new LinkedHashMap<>();
    links.forEach(link -> states.put(link.link(), link.state()));
    return states;
  }

  /** Notes that probes are unanswered, or no longer are. */
  synchronized void note(WatchedLink link, LinkState state) {
    if (link.canFail()) {
      link.become(state);
    }
  }

  /**
   * Counts a failure. Returns whether the takeover, or the link's owner, sees to the link's end.
   */
  boolean failed(WatchedLink link, Failure failure) {
    List<Failure> enough;
    synchronized (this) {
      if (cancelled) {
        return true;
      }
      if (decided || !links.contains(link) || !link.canFail()) {
        return false;
      }
      link.become(LinkState.FAILED);
      failures = plus(failures, failure);
      if (failures.size() < needed) {
        return false;
      }
      decided = true;
      enough = failures;
    }
    takeOver(link, enough);
    return true;
  }

  /** Goes past the guard. Until that is over, closing the monitor ends it. */
  private void takeOver(WatchedLink deciding, List<Failure> enough) {
    monitor.links().addPending(this);
    try {
      takeover.run(enough, new Candidate(deciding, enough));
    } finally {
      monitor.links().removePending(this);
    }
  }

  private static <T> List<T> plus(List<T> list, T last) {
    return Stream.concat(list.stream(), Stream.of(last)).toList();
  }

  /**
   * Lets the callback of the only link begin at once. Returns false if the watch was closed, or
   * another link has taken the place of this one.
   */
  synchronized boolean begin(WatchedLink link) {
    if (links.get(0) != link) {
      return false;
    }
    boolean may = !over;
    link.become(LinkState.FAILED);
    decided = true;
    over = true;
    return may;
  }

  /** A link can't fail any more: ends the watch if the others' failures can't be enough. */
  void gone(WatchedLink link, LinkState state, @Nullable Failure failure) {
    End end;
    synchronized (this) {
      if (!links.contains(link) || !link.canFail()) {
        return;
      }
      link.become(state);
      if (decided) {
        return;
      }
      decided = failures.size() + alive() < needed;
      over = decided;
      end = decided ? endWithout(state, failure) : null;
    }
    if (end != null) {
      end(link, end);
    } else if (state != LinkState.UNWATCHED) { // nobody listens to one link of a group
      LOGGER.log(WARNING, link.link() + " can't fail any more: " + state + "; others still can");
    }
  }

  private long alive() {
    return links.stream().filter(WatchedLink::canFail).count();
  }

  private End endWithout(LinkState state, @Nullable Failure failure) {
    if (links.size() > 1) {
      return End.without(End.Kind.UNSATISFIABLE, failures, shortage());
    }
    return switch (state) {
      case LEFT -> End.without(End.Kind.LEFT, List.of(failure), null);
      case VIOLATED -> End.without(End.Kind.VIOLATED, List.of(failure), null);
      case ABORTED -> End.without(End.Kind.ABORTED, List.of(failure), null);
      default -> End.without(End.Kind.CANCELLED, List.of(), null);
    };
  }

  private String shortage() {
    return "%s links have to fail, %s have failed and %s can still fail: %s"
        .formatted(needed, failures.size(), alive(), linkStates());
  }

  /** Ends the watch, also after the verdict, unless a link is held or the callback has begun. */
  boolean cancelPending(WatchedLink link) {
    return !isHeld() && cancel(link);
  }

  /** Tells whether a link that counts is neither closed by its owner nor taken back. */
  private synchronized boolean isHeld() {
    return links.stream()
        .filter(link -> link.canFail() || link.state() == LinkState.FAILED)
        .anyMatch(link -> !link.isGivenUp());
  }

  private boolean cancel(WatchedLink link) {
    synchronized (this) {
      decided = true;
      if (over) {
        return false;
      }
      over = true;
      cancelled = true;
    }
    takeover.cancel();
    end(link, End.without(End.Kind.CANCELLED, List.of(), null));
    return true;
  }

  /** Gives all links back to their owner; no callback begins after that. */
  void close() {
    if (direct) {
      links().forEach(WatchedLink::giveBack);
      return;
    }
    List<WatchedLink> all = links();
    cancel(all.get(all.size() - 1));
    links().forEach(WatchedLink::letGo); // none comes any more
  }

  /** Gives all links back; nobody has heard of the watch yet. */
  void abandon() {
    synchronized (this) {
      decided = true;
      over = true;
    }
    takeover.cancel();
    takeover.disarm();
    links().forEach(WatchedLink::letGo);
  }

  void replace(KeepaliveSocket old, KeepaliveSocket fresh) throws IOException {
    WatchedLink leaving = linkOf(old);
    WatchedLink coming = new WatchedLink(monitor, fresh, this);
    coming.hold();
    monitor.add(coming);
    boolean complete = false;
    try {
      takePlace(old, coming);
      complete = true;
    } finally {
      if (!complete) {
        coming.giveBack();
      }
    }
    takeover.connected();
    leaving.letGo();
    coming.join();
  }

  private synchronized void takePlace(KeepaliveSocket old, WatchedLink coming) {
    WatchedLink leaving = linkOf(old); // again: it may have been replaced meanwhile
    if (decided) {
      throw new IllegalStateException("the watch has ended, or its takeover has begun");
    }
    exchange(leaving, coming);
  }

  private synchronized WatchedLink linkOf(KeepaliveSocket socket) {
    return links.stream()
        .filter(link -> link.link() == socket)
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("old " + socket + " isn't a link of this watch"));
  }

  /** Comes with this locked. */
  private void exchange(WatchedLink leaving, WatchedLink coming) {
    links = plus(links.stream().filter(link -> link != leaving).toList(), coming);
    failures = failures.stream().filter(failure -> failure.link() != leaving.link()).toList();
  }

  /**
   * Puts a fresh link in the place of one whose source has answered again. Returns false if that is
   * no longer wanted.
   */
  synchronized boolean resume(WatchedLink ended, WatchedLink fresh) {
    boolean wanted = !decided && links.contains(ended) && ended.begin(true);
    if (wanted) {
      exchange(ended, fresh);
    }
    return wanted;
  }

  void end(WatchedLink link, End end) {
    takeover.disarm();
    monitor.observers().ended(link.link(), end);
    if (listener != null) {
      link.tellEnd(end);
    } else if (endsProtection(end.kind())) {
      String reason = end.reason().orElse(end.toString());
      LOGGER.log(WARNING, "no takeover from " + link.link() + ": " + reason);
    }
    ended.complete(end);
  }

  /** Tells the ends that would be missed where nobody listens. */
  private static boolean endsProtection(End.Kind kind) {
    return switch (kind) {
      case DECLINED, LEFT, VIOLATED, ABORTED, UNSATISFIABLE -> true;
      case TAKEN_OVER, TAKEOVER_FAILED, CANCELLED -> false;
    };
  }

  /** The group on its way past the guard; a single link is a group of one. */
  private final class Candidate implements Takeover.Party {
    private final WatchedLink deciding;
    private final List<Failure> verdicts;
    private long beginNs; // before the closer's word that nothing begins any more
    private volatile @Nullable End end;

    Candidate(WatchedLink deciding, List<Failure> verdicts) {
      this.deciding = deciding;
      this.verdicts = verdicts;
    }

    @Override
    public boolean begin() {
      beginNs = System.nanoTime();
      synchronized (LinkGroup.this) {
        boolean may = !over;
        over = true;
        return may;
      }
    }

    @Override
    public @Nullable Throwable callBack(@Nullable Claim claim) {
      List<Failure> called = verdicts.stream().map(failure -> failure.calledAt(beginNs)).toList();
      Failover failover = new Failover(called, claim);
      Throwable thrown = null;
      try {
        monitor.observers().callBack(callback, failover);
      } catch (Throwable e) { // whatever it is, it must not cost other links their thread
        report(e);
        thrown = e;
      }
      end = End.called(failover, thrown, Duration.ofNanos(System.nanoTime() - beginNs));
      return thrown;
    }

    @Override
    public void declined(String reason) {
      end = End.without(End.Kind.DECLINED, verdicts, reason);
    }

    @Override
    public void report(Throwable error) {
      monitor.errors().report(deciding.link(), error);
    }

    @Override
    public void end() {
      LinkGroup.this.end(deciding, end);
      deciding.finish();
    }
  }
}
