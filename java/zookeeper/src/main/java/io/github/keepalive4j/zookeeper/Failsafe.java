package io.github.keepalive4j.zookeeper;

import io.github.keepalive4j.AbstractClaim;
import io.github.keepalive4j.internal.SafeLogger;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The backups whose promises keep a claim while the ensemble doesn't answer. A backup may take over
 * at once only if it is a member and has been asked before: then it is one of those that are asked
 * here. A guard without a link that may claim later must not be there at all. Thread-safe.
 */
final class Failsafe {
  private static final System.Logger LOGGER = SafeLogger.of(Failsafe.class);

  private static final long WARN_AFTER_NS = TimeUnit.SECONDS.toNanos(1);

  private final String owner; // the holder's own guard
  private final Consumer<FailsafeState> listener;
  private final GuardThreads threads;
  private final Set<String> enrolled = ConcurrentHashMap.newKeySet(); // members that have promised
  private final Set<String> settled = ConcurrentHashMap.newKeySet(); // that have promised twice
  private volatile AbstractClaim.Backups backups; // null until a server serves on the claim
  private volatile Known known; // null until the members were read while a server serves
  private final Map<InetSocketAddress, Long> goneNs = new ConcurrentHashMap<>(); // when seen so
  private final Map<String, Long> silentSinceNs = new HashMap<>(); // guarded by this
  private Set<String> warned = Set.of(); // guarded by this
  private volatile FailsafeState state = FailsafeState.OFF;
  private volatile FailsafeState told = FailsafeState.OFF; // written under this

  /**
   * Whom a read of the members found.
   *
   * @param links the links of all members, which can be asked
   * @param connections where backups were connected from then
   * @param unlinked who may claim later and can't be asked
   */
  private record Known(
      Set<InetSocketAddress> links, Set<InetSocketAddress> connections, List<Bystander> unlinked) {}

  Failsafe(ClaimContext context) {
    this.owner = context.owner();
    this.threads = context.threads();
    this.listener = context.failsafe();
  }

  void serve(AbstractClaim.Backups served) {
    backups = served;
  }

  /**
   * Takes the members as they were just read, and asks each of them twice. A backup may hear the
   * first question before the ensemble tells it that it is a member.
   */
  void read(Members found) {
    AbstractClaim.Backups served = backups;
    if (served == null) {
      return;
    }
    List<Member> members = found.linked();
    Set<InetSocketAddress> links = new HashSet<>();
    Set<String> nodes = new HashSet<>();
    for (Member member : members) {
      links.add(member.link());
      nodes.add(member.node());
    }
    noteGone(links);
    Known read = new Known(links, served.connected(), found.unlinked(owner));
    known = read; // first: who is asked must be known
    enrolled.retainAll(nodes);
    settled.retainAll(nodes);
    for (Member member : members) {
      if (!settled.contains(member.node())) {
        enrol(member, served);
      }
    }
    warnOf(silent(members, read));
  }

  private void noteGone(Set<InetSocketAddress> links) {
    Known before = known;
    if (before != null) {
      long nowNs = System.nanoTime();
      before.links().stream()
          .filter(link -> !links.contains(link))
          .forEach(link -> goneNs.put(link, nowNs));
    }
  }

  /**
   * The ensemble has granted a renewal. A member may be gone because it has replaced the holder. A
   * renewal that was sent later shows that it hasn't.
   */
  void renewed(long sentNs) {
    goneNs.values().removeIf(seenNs -> sentNs - seenNs > 0);
  }

  private void enrol(Member member, AbstractClaim.Backups served) {
    Set<String> next = enrolled.contains(member.node()) ? settled : enrolled;
    CompletableFuture<Void> unused =
        served.askToHoldBack(member.link()).thenAccept(sentNs -> next.add(member.node()));
  }

  private Set<String> silent(Collection<Member> members, Known read) {
    Set<InetSocketAddress> silent = new HashSet<>(read.links());
    silent.addAll(read.connections());
    for (Member member : members) {
      if (enrolled.contains(member.node())) {
        silent.remove(member.link());
      }
    }
    Set<String> names = new HashSet<>();
    silent.forEach(link -> names.add(link.toString()));
    read.unlinked().forEach(guard -> names.add(guard.name()));
    return names;
  }

  private synchronized void warnOf(Set<String> silent) {
    long nowNs = System.nanoTime();
    silentSinceNs.keySet().retainAll(silent);
    silent.forEach(name -> silentSinceNs.putIfAbsent(name, nowNs));
    Set<String> late = new HashSet<>(silent);
    late.removeIf(name -> nowNs - silentSinceNs.get(name) < WARN_AFTER_NS);
    if (!late.isEmpty() && !late.equals(warned)) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "the claim doesn't outlast an outage of the ensemble: not asked, or silent, are " + late);
    }
    warned = late;
  }

  /**
   * Asks every backup that may take over. Also those count that were connected when the members
   * were last read, or are now: one that isn't a member can't be asked.
   *
   * @return completed once all have promised, with the time at which the first question was sent;
   *     empty if one of them can't be asked or may have replaced the holder, a bystander has no
   *     link, or there are none
   */
  Optional<CompletableFuture<Long>> askAll() {
    AbstractClaim.Backups served = backups;
    Known last = known;
    if (served == null || last == null || last.links().isEmpty() || !goneNs.isEmpty()) {
      return Optional.empty();
    }
    Set<InetSocketAddress> connected = served.connected();
    if (!last.unlinked().isEmpty()
        || !last.links().containsAll(last.connections())
        || !last.links().containsAll(connected)
        || !connected.containsAll(last.links())) {
      return Optional.empty();
    }
    List<CompletableFuture<Long>> promises =
        last.links().stream().map(served::askToHoldBack).toList();
    return Optional.of(
        CompletableFuture.allOf(promises.toArray(CompletableFuture[]::new))
            .thenApply(
                all ->
                    promises.stream()
                        .map(CompletableFuture::join)
                        .reduce((a, b) -> a - b < 0 ? a : b)
                        .orElseThrow()));
  }

  /** Has the listener told of a change, on a thread that may block. */
  void become(FailsafeState next) {
    state = next;
    if (told != next) {
      threads.runBlocking(this::tell);
    }
  }

  private synchronized void tell() {
    FailsafeState latest = state;
    if (told == latest) {
      return;
    }
    told = latest;
    try {
      listener.accept(latest);
    } catch (RuntimeException e) { // the claim stands all the same
      LOGGER.log(System.Logger.Level.ERROR, "a listener of the failsafe mode failed", e);
    }
  }
}
