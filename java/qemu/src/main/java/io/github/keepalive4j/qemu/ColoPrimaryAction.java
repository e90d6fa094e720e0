package io.github.keepalive4j.qemu;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Makes a COLO primary run alone after its secondary is lost. It takes the replicated child out of
 * each disk, and deletes the replication's block nodes and the network filters' objects. Then it
 * sends {@code x-colo-lost-heartbeat}, and verifies the result by {@code query-colo-status} and
 * {@code query-status}.
 *
 * <p>What is to be removed but is not there is skipped. If QEMU refuses a removal, the record says
 * so in a step, and the primary leaves COLO all the same.
 */
public final class ColoPrimaryAction implements FailoverAction {

  private final SerializedRun runs;

  private ColoPrimaryAction(Builder builder) {
    runs = ColoExit.of("primary", builder.preparations());
  }

  /**
   * Returns the action for a pair with the names of QEMU's COLO documentation: disk {@code
   * colo-disk0} with child {@code children.1}, block node {@code replication0}, objects {@code
   * comp0}, {@code iothread1}, {@code m0}, {@code redire0} and {@code redire1}.
   */
  public static ColoPrimaryAction defaults() {
    return builder()
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

  @Override
  public Takeover run(QmpExecutor qemu, Duration limit)
      throws TakeoverException, InterruptedException {
    return runs.run(qemu, limit);
  }

  /**
   * Builds {@link ColoPrimaryAction}. The action removes children first, then block nodes, then
   * objects, and each kind in the order of the calls.
   */
  public static final class Builder {

    private final List<QmpCommand> yanks = new ArrayList<>();
    private final List<QmpCommand> children = new ArrayList<>();
    private final List<QmpCommand> blockNodes = new ArrayList<>();
    private final List<QmpCommand> objects = new ArrayList<>();

    private Builder() {}

    /**
     * Breaks an NBD client's connection before anything else ({@code yank}, out of band where QEMU
     * offers it). Otherwise requests to a silent host could block QEMU's main loop in the steps
     * that follow.
     *
     * @param nodeName the NBD block node's name
     * @throws IllegalArgumentException if the name is blank
     */
    public Builder yankBlockNode(String nodeName) {
      QmpValue instance =
          QmpValue.of(
              Map.of("type", "block-node", "node-name", Arguments.name("nodeName", nodeName)));
      yanks.add(
          QmpCommand.of("yank").with("instances", QmpValue.of(List.of(instance))).outOfBand());
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

    private List<QmpCommand> preparations() {
      List<QmpCommand> all = new ArrayList<>(yanks);
      all.addAll(children);
      all.addAll(blockNodes);
      all.addAll(objects);
      return List.copyOf(all);
    }
  }
}
