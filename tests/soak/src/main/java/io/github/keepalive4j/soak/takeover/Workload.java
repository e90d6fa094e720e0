package io.github.keepalive4j.soak.takeover;

import io.github.keepalive4j.support.CProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What must run once at a time, and the records of its runs. */
final class Workload {
  private static final long JUST_NOW_NS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long LONG_AGO_NS = TimeUnit.SECONDS.toNanos(60);

  private final Path program;
  private final Path records;
  private final Set<Path> over = new HashSet<>(); // of runs that give no sign of life any more

  private Workload(Path program, Path records) {
    this.program = program;
    this.records = records;
  }

  /** Compiles it into a folder, in which its records will be. */
  static Workload compile(Path folder) throws IOException, InterruptedException {
    Path records = Files.createDirectories(folder.resolve("runs"));
    Path program = CProgram.compile(folder, Workload.class, "workload");
    return new Workload(program, records);
  }

  /** Returns what a shell runs on a host. */
  String command(String host) {
    return "exec " + program + " " + records + " " + host;
  }

  /** Returns all runs so far. */
  List<Run> runs() throws IOException {
    List<Run> runs = new ArrayList<>();
    for (Path file : files()) {
      Run.read(file).ifPresent(runs::add);
    }
    return runs;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(records)) {
      return files.toList();
    }
  }

  /** Returns the runs that gave a sign of life just now. */
  List<Run> running() throws IOException {
    long nowNs = System.nanoTime();
    List<Run> running = new ArrayList<>();
    for (Path file : files()) {
      Optional<Run> run = over.contains(file) ? Optional.empty() : Run.read(file);
      if (run.isPresent() && !run.get().ended() && nowNs - run.get().lastNs() < JUST_NOW_NS) {
        running.add(run.get());
      } else if (run.isPresent() && nowNs - run.get().lastNs() > LONG_AGO_NS) {
        over.add(file);
      }
    }
    return running;
  }
}
