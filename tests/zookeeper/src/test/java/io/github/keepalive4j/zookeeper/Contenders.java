package io.github.keepalive4j.zookeeper;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.keepalive4j.TakeoverGuard;
import io.github.keepalive4j.support.FailingSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A source and its backups in this JVM, which contend for one claim. */
final class Contenders implements AutoCloseable {
  private final Path directory;
  private final String connectString;
  private final FailingSource links = new FailingSource();
  private final List<Backup> backups = new ArrayList<>();
  private final List<ServingSource> sources = new ArrayList<>();
  private final List<Path> journals = new ArrayList<>();

  /** Keeps their journals in a folder. */
  Contenders(Path directory, String connectString) throws IOException {
    this.directory = directory;
    this.connectString = connectString;
  }

  /** Returns the source's end of the backups' links, which may fail while the source serves. */
  FailingSource links() {
    return links;
  }

  List<Backup> backups() {
    return backups;
  }

  /** Opens a source that serves once it has the claim. */
  ServingSource serve(
      String name,
      Duration timeout,
      UnaryOperator<ZooKeeperGuard.Builder> setUp,
      UnaryOperator<TakeoverGuard> more)
      throws IOException, InterruptedException {
    ServingSource source = ServingSource.open(journal(name), connectString, timeout, setUp, more);
    sources.add(source);
    return source;
  }

  private Path journal(String name) {
    Path journal = directory.resolve(name + ".journal");
    journals.add(journal);
    return journal;
  }

  /** Opens the next backup, which is connected to the ensemble and watches nothing yet. */
  Backup backup(
      UnaryOperator<ZooKeeperGuard.Builder> setUp,
      UnaryOperator<TakeoverGuard> more,
      Duration guardTimeout)
      throws IOException, InterruptedException {
    String name = "backup-" + (backups.size() + 1);
    Backup backup = Backup.open(name, directory, connectString, setUp, more, guardTimeout);
    backups.add(backup);
    journals.add(backup.journalFile());
    backup.awaitConnected();
    return backup;
  }

  @Override
  public void close() throws IOException {
    links.close();
    for (Backup backup : backups) {
      backup.close();
    }
    for (ServingSource source : sources) {
      source.close();
    }
  }

  /** Requires that each acted only on a claim, and never two at once. */
  void requireValidHistory() throws IOException {
    List<HistoryEvent> history = new ArrayList<>();
    for (Path journal : journals) {
      history.addAll(HistoryEvent.read(journal));
    }
    assertEquals(List.of(), HistoryChecker.violations(history));
  }
}
