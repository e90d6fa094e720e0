package io.github.keepalive4j.qemu;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes a COLO primary run alone after its secondary is lost. Its steps are:
 *
 * <ol>
 *   <li>It breaks the connections to the secondary ({@code yank}, out of band where QEMU offers
 *       it). {@code query-yank} lists the machine's connections. Those NBD clients lead to the
 *       secondary that have the address to which a {@code replication} node replicates, whatever
 *       their names. So do the character devices that are connected to this address, and those that
 *       the builder names.
 *   <li>It takes the replicated child out of each disk, and deletes the replication's block nodes
 *       and the network filters' objects.
 *   <li>It sends {@code x-colo-lost-heartbeat}, and verifies the result by {@code
 *       query-colo-status} and {@code query-status}.
 * </ol>
 *
 * <p>While the secondary is silent, a write of the guest is not answered. A command that waits for
 * such a write blocks QEMU's main loop for minutes, and {@code x-blockdev-change} is one of them.
 * That is why the connections are broken first. If a command is unanswered for 200 ms, the main
 * loop hangs already and can't say which NBD client leads to the secondary. Then all NBD clients
 * are broken out of band, provided that a migration is under way, as it is in COLO.
 *
 * <p>What is to be removed but is not there is skipped. If QEMU refuses a removal, the record says
 * so in a step, and the primary leaves COLO all the same. {@code yank} needs QEMU 6.0 or later.
 */
public final class ColoPrimaryAction implements FailoverAction {

  private final SerializedRun runs;

  private ColoPrimaryAction(Builder builder) {
    List<QmpValue> yanks = List.copyOf(builder.yanks);
    List<QmpCommand> removals = builder.removals();
    runs =
        new SerializedRun(
            "colo-primary",
            run -> {
              PeerYank yank = new PeerYank(yanks);
              ColoExit exit =
                  new ColoExit("primary", prepared -> prepare(prepared, yank, removals));
              return run.rescued(yank::yankAllBlockNodes, exit);
            });
  }

  private static void prepare(TakeoverRun run, PeerYank yank, List<QmpCommand> removals)
      throws TakeoverException, InterruptedException {
    yank.yankWhatLeadsToThePeer(run);
    for (QmpCommand removal : removals) {
      run.attempt(removal);
    }
  }

  /**
   * Returns the action for a pair with the names of QEMU's COLO documentation: disk {@code
   * colo-disk0} with child {@code children.1}, block node {@code replication0}, character devices
   * {@code mirror0} and {@code compare1}, objects {@code comp0}, {@code iothread1}, {@code m0},
   * {@code redire0} and {@code redire1}.
   */
  public static ColoPrimaryAction defaults() {
    return builder()
        .yankChardev("mirror0")
        .yankChardev("compare1")
        .removeChild("colo-disk0", "children.1")
        .deleteBlockNode("replication0")
        .deleteObject("comp0")
        .deleteObject("iothread1")
        .deleteObject("m0")
        .deleteObject("redire0")
        .deleteObject("redire1")
        .build();
  }

  /** Returns a builder of an action that removes nothing yet. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public String name() {
    return runs.name();
  }

  /** Returns the defect of QEMU 10.0 and 10.1, in which COLO is broken. */
  @Override
  public Optional<String> knownDefect(QmpGreeting qemu) {
    return ColoExit.knownDefect(qemu);
  }

  @Override
  public Takeover run(QmpExecutor qemu, Duration limit)
      throws TakeoverException, InterruptedException {
    return runs.run(qemu, limit);
  }

  /**
   * Builds {@link ColoPrimaryAction}. The action breaks connections first, then removes children,
   * then block nodes, then objects, and each kind in the order of the calls.
   */
  public static final class Builder {

    private final List<QmpValue> yanks = new ArrayList<>();
    private final List<QmpCommand> children = new ArrayList<>();
    private final List<QmpCommand> blockNodes = new ArrayList<>();
    private final List<QmpCommand> objects = new ArrayList<>();

    private Builder() {}

    /**
     * Breaks the connection of an NBD client that the action would not find by itself.
     *
     * @param nodeName the NBD block node's name
     * @throws IllegalArgumentException if the name is blank
     */
    public Builder yankBlockNode(String nodeName) {
      yanks.add(PeerYank.blockNode(Arguments.name("nodeName", nodeName)));
      return this;
    }

    /**
     * Breaks the connection of a character device that the action would not find by itself, because
     * the secondary has a host name or several addresses.
     *
     * @param id the character device's id
     * @throws IllegalArgumentException if the id is blank
     */
    public Builder yankChardev(String id) {
      yanks.add(PeerYank.chardev(Arguments.name("id", id)));
      return this;
    }

    /**
     * Takes a child out of a block node ({@code x-blockdev-change}).
     *
     * @param parent the disk, a quorum, by its id or node name
     * @param child the child's name, such as {@code children.1}
     * @throws IllegalArgumentException if a name is blank
     */
    public Builder removeChild(String parent, String child) {
      children.add(
          QmpCommand.of("x-blockdev-change")
              .with("parent", Arguments.name("parent", parent))
              .with("child", Arguments.name("child", child)));
      return this;
    }

    /**
     * Deletes a block node that is no longer in use ({@code blockdev-del}, as {@code drive_del}
     * does for a node).
     *
     * @throws IllegalArgumentException if the name is blank
     */
    public Builder deleteBlockNode(String nodeName) {
      blockNodes.add(
          QmpCommand.of("blockdev-del").with("node-name", Arguments.name("nodeName", nodeName)));
      return this;
    }

    /**
     * Deletes an object, such as a network filter ({@code object-del}).
     *
     * @throws IllegalArgumentException if the id is blank
     */
    public Builder deleteObject(String id) {
      objects.add(QmpCommand.of("object-del").with("id", Arguments.name("id", id)));
      return this;
    }

    /** Returns the action, which is immutable. */
    public ColoPrimaryAction build() {
      return new ColoPrimaryAction(this);
    }

    private List<QmpCommand> removals() {
      List<QmpCommand> all = new ArrayList<>(children);
      all.addAll(blockNodes);
      all.addAll(objects);
      return List.copyOf(all);
    }
  }
}
