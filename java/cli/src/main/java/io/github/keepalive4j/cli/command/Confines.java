package io.github.keepalive4j.cli.command;

import io.github.keepalive4j.internal.process.Cgroup;
import java.util.UUID;

/**
 * What the processes of a command have in common, so that they can be found and ended.
 *
 * @param mark a value in their environment
 * @param cgroup the group that they are in; null for none
 */
record Confines(String mark, Cgroup cgroup) {
  /** The variable that has the mark. */
  static final String VARIABLE = "KEEPALIVE4J_RUN";

  /** For a command that is to outlive this process, in the group of this process. */
  static Confines none() {
    return new Confines(UUID.randomUUID().toString(), null);
  }

  /** With a group of its own where the machine allows one. */
  static Confines make() {
    return new Confines(UUID.randomUUID().toString(), Cgroup.make().orElse(null));
  }

  /** Returns the file to which a process writes 0 to move into the group, or the empty string. */
  String entrance() {
    return cgroup == null ? "" : cgroup.processes().toString();
  }

  /** Returns the group's folder, or the empty string. */
  String folder() {
    return cgroup == null ? "" : cgroup.folder().toString();
  }

  /** Removes the group if nothing runs in it. */
  void remove() {
    if (cgroup != null) {
      cgroup.remove();
    }
  }
}
