package io.github.keepalive4j.cli.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.internal.AddressText;
import io.github.keepalive4j.support.FailingSource;
import io.github.keepalive4j.zookeeper.HistoryChecker;
import io.github.keepalive4j.zookeeper.HistoryEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Commands under guards, each with a journal of its own in a folder. */
final class Guarded {
  private final Path folder;
  private final List<String> ensemble;
  private final List<String> starter;
  private int journals;

  Guarded(Path folder) {
    this(folder, List.of());
  }

  /** Makes commands that take these options. */
  Guarded(Path folder, List<String> ensemble) {
    this(folder, ensemble, List.of());
  }

  /** Makes commands that take these options, and are started by another one. */
  Guarded(Path folder, List<String> ensemble, List<String> starter) {
    this.folder = folder;
    this.ensemble = ensemble;
    this.starter = starter;
  }

  Keepalive serve(String... more) throws IOException {
    return run(List.of("serve", "--bind", "127.0.0.1", "--port", "0"), more);
  }

  Keepalive watch(String source, String... more) throws IOException {
    return run(List.of("watch", source), more);
  }

  /** Watches a source that fails when the test says so; returns once it does. */
  Keepalive watch(FailingSource source, String... more) throws IOException, InterruptedException {
    Keepalive backup = watch(AddressText.of(source.address()), more);
    source.accept();
    backup.awaitEvent("up");
    return backup;
  }

  private Keepalive run(List<String> command, String... more) throws IOException {
    List<String> arguments = new ArrayList<>(command);
    arguments.addAll(ensemble);
    arguments.addAll(
        List.of("--json", "--journal", journal(++journals).toString(), "--journal-timeout", "30s"));
    arguments.addAll(List.of(more));
    List<String> started = new ArrayList<>(starter);
    started.addAll(Keepalive.command(arguments.toArray(String[]::new)));
    return Keepalive.start(started);
  }

  /** Waits until a command has won its claim, for the first time. */
  static long tokenOf(Keepalive command) throws InterruptedException {
    return command.awaitEvent("granted").number("token");
  }

  private Path journal(int number) {
    return folder.resolve("journal-" + number);
  }

  /** Returns what the command that was started as that one has on record of its watches. */
  List<String> record(int number) throws IOException {
    return HistoryEvent.read(journal(number)).stream().map(event -> event.text("event")).toList();
  }

  /** Requires that each process acted only on a claim, and never two at once. */
  void requireValidHistory() throws IOException {
    List<HistoryEvent> history = new ArrayList<>();
    for (int number = 1; number <= journals; number++) {
      if (Files.exists(journal(number))) {
        history.addAll(HistoryEvent.read(journal(number)));
      }
    }
    assertEquals(List.of(), HistoryChecker.violations(history));
  }
}
