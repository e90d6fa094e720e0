package io.github.keepalive4j.internal.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds this process's control group (cgroup v2), as cgroups(7) and proc(5) describe it. */
final class CgroupMount {
  private static final String UNIFIED = "0::";
  private static final int ROOT = 3;
  private static final int MOUNT_POINT = 4;

  private CgroupMount() {}

  /**
   * Returns the group's folder.
   *
   * @param mounts the lines of /proc/self/mountinfo
   * @param groups the lines of /proc/self/cgroup
   */
  static Optional<Path> locate(List<String> mounts, List<String> groups) {
    return groups.stream()
        .filter(line -> line.startsWith(UNIFIED))
        .map(line -> Path.of(line.substring(UNIFIED.length())))
        .flatMap(group -> mounts.stream().flatMap(mount -> below(mount, group)))
        .findFirst();
  }

  /** Returns the group's folder, if the mount shows it. */
  private static Stream<Path> below(String mount, Path group) {
    String[] fields = mount.split(" ", 0);
    Path root = Path.of(fields[ROOT]);
    return mount.contains(" - cgroup2 ") && group.startsWith(root)
        ? Stream.of(Path.of(fields[MOUNT_POINT]).resolve(root.relativize(group)))
        : Stream.empty();
  }
}
