package io.github.keepalive4j.qemu;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Breaks the connections of one QEMU to a lost peer ({@code yank}), in one run of an action.
 * Otherwise requests to a silent peer block QEMU's main loop. All of it goes out of band where it
 * can, because the main loop may hang already.
 */
final class PeerYank {

  private static final QmpCommand INSTANCES = QmpCommand.of("query-yank").outOfBand();
  private static final QmpCommand BLOCK_NODES =
      QmpCommand.of("query-named-block-nodes").with("flat", true);
  private static final QmpCommand CHARDEVS = QmpCommand.of("query-chardev");

  private final List<QmpValue> named;
  private final Set<QmpValue> yanked = ConcurrentHashMap.newKeySet();

  /**
   * Makes the yank of one run.
   *
   * @param named the instances that lead to the peer, whatever QEMU says
   */
  PeerYank(List<QmpValue> named) {
    this.named = named;
  }

  static QmpValue blockNode(String nodeName) {
    return QmpValue.of(Map.of("type", "block-node", "node-name", nodeName));
  }

  static QmpValue chardev(String id) {
    return QmpValue.of(Map.of("type", "chardev", "id", id));
  }

  /** Asks QEMU which connections lead to the peer, and breaks these and the named ones. */
  void yankWhatLeadsToThePeer(TakeoverRun run) throws TakeoverException, InterruptedException {
    Set<QmpValue> instances = new LinkedHashSet<>(named);
    Optional<Instances> all = run.queryIfKnown(INSTANCES, Instances::new);
    if (all.isPresent() && !all.get().blockNodes().isEmpty()) {
      instances.addAll(leadingToThePeer(run, all.get()));
    }
    yank(run, instances);
  }

  private List<QmpValue> leadingToThePeer(TakeoverRun run, Instances all)
      throws TakeoverException, InterruptedException {
    Optional<LostPeer> peer = run.queryIfKnown(BLOCK_NODES, LostPeer::of);
    if (peer.isEmpty() || peer.get().isUnknown()) {
      return List.of();
    }
    List<QmpValue> leading = new ArrayList<>(peer.get().blockNodes());
    run.queryIfKnown(CHARDEVS, peer.get()::chardevs)
        .ifPresent(chardevs -> leading.addAll(chardevs.instances()));
    leading.retainAll(all.values());
    return leading;
  }

  /**
   * Breaks the named connections and those of all NBD clients, because a QEMU whose main loop hangs
   * can't say where they lead. Does nothing if no migration is under way: the machine is then not
   * in COLO.
   */
  void yankAllBlockNodes(TakeoverRun run) throws TakeoverException, InterruptedException {
    Optional<Instances> all = run.queryIfKnown(INSTANCES, Instances::new);
    if (all.isPresent() && all.get().hasMigration()) {
      Set<QmpValue> instances = new LinkedHashSet<>(all.get().blockNodes());
      named.stream().filter(all.get().values()::contains).forEach(instances::add);
      yank(run, instances);
    }
  }

  private void yank(TakeoverRun run, Set<QmpValue> instances)
      throws TakeoverException, InterruptedException {
    for (QmpValue instance : instances) {
      if (yanked.add(instance)) {
        run.attempt(
            QmpCommand.of("yank").with("instances", QmpValue.of(List.of(instance))).outOfBand());
      }
    }
  }

  /** The answer to {@code query-yank}. */
  private record Instances(List<QmpValue> values) {

    private Instances(QmpValue answer) {
      this(answer.values());
    }

    List<QmpValue> blockNodes() {
      return values.stream().filter(instance -> isOf(instance, "block-node")).toList();
    }

    boolean hasMigration() {
      return values.stream().anyMatch(instance -> isOf(instance, "migration"));
    }

    private static boolean isOf(QmpValue instance, String type) {
      return instance.path("type").asText().equals(type);
    }

    @Override
    public String toString() {
      return values.size() + " instances";
    }
  }
}
