package io.github.keepalive4j.zookeeper;

import io.github.keepalive4j.ClaimDeclinedException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.KeeperException.Code;
import org.jspecify.annotations.Nullable;

/**
 * What a backup has to do with the failsafe mode of the holder that it is armed against: its links
 * are nodes on the ensemble, so that the holder knows whom to ask, and it keeps what it has
 * promised. Thread-safe.
 */
final class Membership {
  private static final Duration RETRY = Duration.ofMillis(200);

  private final Ensemble ensemble;
  private final String owner;
  private final GuardThreads threads;
  private final FollowedRecord followed;
  private final Set<Membership> registry;
  private final Map<InetSocketAddress, Link> links = new HashMap<>(); // guarded by this
  private boolean rejoined; // guarded by this: the nodes are not those of the first session
  private String askedBy = ""; // guarded by this: the claim whose holder knows the nodes
  private boolean over; // guarded by this: takes over, or has ended
  private long promisedUntilNs = System.nanoTime(); // guarded by this

  private static final class Link {
    private Member member;
    private boolean joins; // its node is made, or about to be
    private boolean made;

    Link(Member member) {
      this.member = member;
    }
  }

  /**
   * Makes a membership without links.
   *
   * @param owner the guard, as its nodes name it
   * @param followed knows the record of the holder
   * @param registry has it while it has links
   */
  Membership(
      Ensemble ensemble,
      String owner,
      GuardThreads threads,
      FollowedRecord followed,
      Set<Membership> registry) {
    this.ensemble = ensemble;
    this.owner = owner;
    this.threads = threads;
    this.followed = followed;
    this.registry = registry;
    followed.onCheck(this::joinAll);
    followed.knownBy(this::isKnownToHolderOf);
  }

  /** Adds a link, which joins once the record is of a holder with a failsafe mode. */
  void linked(InetSocketAddress local) {
    synchronized (this) {
      if (!over) {
        links.put(local, new Link(Member.of(owner, local)));
      }
    }
    joinAll();
  }

  /** Joins with the links that have not joined yet, if the holder has a failsafe mode. */
  private void joinAll() {
    if (failsafeMs(followed.record()) == 0) {
      return;
    }
    Map<Link, String> fresh = new HashMap<>();
    synchronized (this) {
      for (Link link : links.values()) {
        if (!over && !link.joins) {
          link.joins = true;
          registry.add(this);
          fresh.put(link, link.member.node());
        }
      }
    }
    fresh.forEach(this::join);
  }

  private static long failsafeMs(@Nullable ClaimRecord record) {
    return record == null ? 0 : record.holder().failsafeMs();
  }

  /** No lock is held: a request may take long while there is no connection. */
  private void join(Link link, String node) {
    CompletableFuture<Void> unused =
        ensemble
            .join(node)
            .handle(
                (done, error) -> {
                  Code code = EnsembleErrors.codeOf(error);
                  joined(link, node, code == Code.OK || code == Code.NODEEXISTS);
                  return null;
                });
  }

  private void joined(Link link, String node, boolean isMade) {
    if (!isCurrent(link, node, isMade)) {
      ensemble.delete(node);
    } else if (!isMade) {
      threads.after(RETRY, () -> rejoin(link, node));
    } else {
      followed.noteKnown();
    }
  }

  /** Notes whether the node is made, unless the membership or the node's session has ended. */
  private synchronized boolean isCurrent(Link link, String node, boolean isMade) {
    boolean isCurrent = !over && link.member.node().equals(node);
    if (isCurrent) {
      link.made = isMade;
    }
    return isCurrent;
  }

  private void rejoin(Link link, String node) {
    if (isCurrent(link, node, false)) {
      join(link, node);
    }
  }

  /** Joins anew under other names: the holder may have seen that the former are gone. */
  void sessionEnded() {
    Map<Link, String> fresh = new HashMap<>();
    synchronized (this) {
      if (over || links.isEmpty()) {
        return;
      }
      askedBy = "";
      rejoined = true;
      for (Link link : links.values()) {
        link.member = Member.of(owner, link.member.link());
        link.made = false;
        if (link.joins) {
          fresh.put(link, link.member.node());
        }
      }
    }
    fresh.forEach(this::join);
  }

  /**
   * Promises the holder not to take over for its session timeout, unless a takeover has begun. The
   * holder asks the links that it has read. So a first question says that it has read these, unless
   * they have joined anew.
   */
  boolean holdBack() {
    ClaimRecord record = followed.record();
    long promiseMs = failsafeMs(record);
    boolean isFirst;
    synchronized (this) {
      if (over || promiseMs == 0) {
        return false;
      }
      promisedUntilNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(promiseMs);
      isFirst = !record.isFor(askedBy);
      if (links.values().stream().allMatch(link -> rejoined ? link.made : link.joins)) {
        askedBy = record.claimId();
      }
    }
    if (isFirst) {
      followed.noteKnown();
    }
    return true;
  }

  /** Promises nothing any more, and waits for the end of what was promised. */
  void beginTakeover(Deadline deadline) throws ClaimDeclinedException, InterruptedException {
    long leftNs;
    synchronized (this) {
      over = true;
      leftNs = promisedUntilNs - System.nanoTime();
    }
    if (leftNs > 0 && leftNs > deadline.remainingNs()) {
      throw new ClaimDeclinedException(
          "the holder was promised that this backup holds back, for "
              + TimeUnit.NANOSECONDS.toMillis(leftNs)
              + " ms more");
    }
    TimeUnit.NANOSECONDS.sleep(Math.max(0, leftNs));
  }

  /**
   * Returns a node whose existence shows that the holder of the record knows of this backup; empty
   * if it may not.
   */
  synchronized Optional<String> provenBy(ClaimRecord target) {
    return target.isFor(askedBy)
        ? links.values().stream().filter(link -> link.made).map(l -> l.member.node()).findFirst()
        : Optional.empty();
  }

  private synchronized boolean isKnownToHolderOf(ClaimRecord record) {
    return failsafeMs(record) == 0 || (record.isFor(askedBy) && isKnown());
  }

  synchronized boolean isKnown() {
    return !askedBy.isEmpty() && links.values().stream().allMatch(link -> link.made);
  }

  /** Tells whether it has promised the holder not to take over, and that promise still lasts. */
  synchronized boolean isHoldingBack() {
    return promisedUntilNs - System.nanoTime() > 0;
  }

  /** Ends the membership. The holder doesn't ask this backup any more. */
  void leave() {
    List<String> nodes;
    synchronized (this) {
      over = true;
      nodes = links.values().stream().filter(link -> link.joins).map(l -> l.member.node()).toList();
      links.clear();
      registry.remove(this);
    }
    nodes.forEach(ensemble::delete);
  }
}
