package io.github.keepalive4j.internal.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A control group (cgroup v2) below this process's own. A process that is moved into it can't leave
 * its descendants outside, whatever they do to their parents, sessions or environments.
 */
public final class Cgroup {
  private static final Path KILL = Path.of("cgroup.kill");
  private static final Path PROCESSES = Path.of("cgroup.procs");

  private final Path folder;

  private Cgroup(Path folder) {
    this.folder = folder;
  }

  /**
   * Makes a group without processes. There is none without cgroup v2, without the right to make one
   * here, or before Linux 5.14, which can't kill a group at once.
   */
  public static Optional<Cgroup> make() {
    return own().flatMap(own -> makeIn(own.resolve("keepalive-" + UUID.randomUUID())));
  }

  private static Optional<Cgroup> makeIn(Path folder) {
    try {
      Files.createDirectory(folder);
    } catch (IOException e) {
      return Optional.empty();
    }
    Cgroup made = new Cgroup(folder);
    if (Files.isWritable(folder.resolve(KILL)) && Files.isWritable(folder.resolve(PROCESSES))) {
      return Optional.of(made);
    }
    made.remove();
    return Optional.empty();
  }

  private static Optional<Path> own() {
    try {
      return CgroupMount.locate(
          Files.readAllLines(Path.of("/proc/self/mountinfo")),
          Files.readAllLines(Path.of("/proc/self/cgroup")));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Returns where the group is. */
  public Path folder() {
    return folder;
  }

  /** Returns the file to which a process writes its number, or 0, to move into the group. */
  public Path processes() {
    return folder.resolve(PROCESSES);
  }

  /** Returns the processes in the group and in those that were made below it; no zombies. */
  List<ProcessHandle> members() {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.endsWith(PROCESSES))
          .flatMap(Cgroup::lines)
          .flatMap(number -> ProcessHandle.of(Long.parseLong(number)).stream())
          .toList();
    } catch (IOException | UncheckedIOException e) { // a group below has just been removed
      return List.of();
    }
  }

  private static Stream<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream();
    } catch (IOException e) {
      return Stream.empty();
    }
  }

  /** Kills all processes at once, also those that are being forked. */
  void kill() {
    try {
      Files.writeString(folder.resolve(KILL), "1");
    } catch (IOException e) {
      // it has been removed; what is left elsewhere is found by its mark
    }
  }

  /** Removes the group if nothing runs in it. */
  public void remove() {
    try (Stream<Path> files = Files.walk(folder)) {
      files.filter(Files::isDirectory).sorted((a, b) -> b.compareTo(a)).forEach(Cgroup::remove);
    } catch (IOException | UncheckedIOException e) {
      // it has been removed
    }
  }

  private static void remove(Path empty) {
    try {
      Files.deleteIfExists(empty);
    } catch (IOException e) {
      // something runs in it
    }
  }
}
