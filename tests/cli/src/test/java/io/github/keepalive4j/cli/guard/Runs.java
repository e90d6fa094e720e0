package io.github.keepalive4j.cli.guard;

import io.github.keepalive4j.support.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What commands that ran have told of themselves, one a line: first their process. */
final class Runs {
  private static final Duration LIMIT = Duration.ofSeconds(50);

  private final Path file;

  /** Reads what is in a folder. */
  Runs(Path folder) {
    file = folder.resolve("ran");
  }

  Path file() {
    return file;
  }

  /** Returns a command that tells its process and token, and stays, whatever it is asked. */
  String stubborn() {
    return "exec > /dev/null 2>&1; trap '' TERM; echo $$ $KEEPALIVE_TOKEN >> "
        + file
        + "; while :; do sleep 1; done";
  }

  List<String> all() throws IOException {
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  /** Waits until so many have run. */
  List<String> await(int number) throws Exception {
    Eventually.await("run number " + number, LIMIT, () -> all().size() >= number);
    return all();
  }

  /** A process that has ended but isn't reaped has no program any more. */
  static boolean isAlive(String run) {
    return processOf(run).flatMap(process -> process.info().command()).isPresent();
  }

  boolean anyAlive() throws IOException {
    return all().stream().anyMatch(Runs::isAlive);
  }

  void killAll() throws IOException {
    for (String run : all()) {
      processOf(run).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  /** A run without a process number is of a command that doesn't stay. */
  private static Optional<ProcessHandle> processOf(String run) {
    String first = run.split(" ", -1)[0];
    return first.matches("\\d+") ? ProcessHandle.of(Long.parseLong(first)) : Optional.empty();
  }
}
