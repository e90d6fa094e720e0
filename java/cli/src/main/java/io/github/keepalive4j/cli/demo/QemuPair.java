package io.github.keepalive4j.cli.demo;

import io.github.keepalive4j.qemu.QmpCommand;
import io.github.keepalive4j.qemu.QmpSession;
import io.github.keepalive4j.qemu.QmpValue;
import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.Lab;
import io.github.keepalive4j.testkit.qemu.CountingGuest;
import io.github.keepalive4j.testkit.qemu.QemuProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** A running machine on a lab's source and a paused one on its backup. */
final class QemuPair implements AutoCloseable {
  private static final int MIGRATION_PORT = 9998;
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final long POLL_MS = 5;

  private final String migration;
  private final QemuProcess source;
  private final QemuProcess backup;

  private QemuPair(String migration, QemuProcess source, QemuProcess backup) {
    this.migration = migration;
    this.source = source;
    this.backup = backup;
  }

  static QemuPair start(Lab lab, Path directory) throws IOException {
    String host = lab.backup().ipv4().getHostAddress();
    QemuProcess source = on(lab.source(), directory).start();
    try {
      QemuProcess backup =
          on(lab.backup(), directory).paused().incoming("tcp:0.0.0.0:" + MIGRATION_PORT).start();
      return new QemuPair("tcp:" + host + ":" + MIGRATION_PORT, source, backup);
    } catch (IOException e) {
      source.close();
      throw e;
    }
  }

  private static QemuProcess.Builder on(Host host, Path directory) {
    return QemuProcess.builder(host.name(), directory)
        .prefix("ip", "netns", "exec", host.namespace());
  }

  String backupQmp() {
    return backup.qmp().getPath().toString();
  }

  /**
   * Migrates the source's state to the backup, which stays paused, and lets the source run on.
   * Returns the source's count at that moment.
   */
  long copy() throws IOException, InterruptedException {
    try (QmpSession atSource = QmpSession.open(source.qmp());
        QmpSession atBackup = QmpSession.open(backup.qmp())) {
      awaitStatus(atBackup, "query-status", "inmigrate");
      atSource.execute(QmpCommand.of("migrate").with("uri", migration), PATIENCE);
      awaitStatus(atSource, "query-migrate", "completed");
      awaitStatus(atBackup, "query-status", "paused");
      long count = sourceCount();
      atSource.execute(QmpCommand.of("cont"), PATIENCE);
      return count;
    }
  }

  private static void awaitStatus(QmpSession session, String query, String wanted)
      throws IOException, InterruptedException {
    await(
        query + ": " + wanted,
        () -> {
          QmpValue answer = session.execute(QmpCommand.of(query), PATIENCE);
          return answer.path("status").asText().equals(wanted);
        });
  }

  void awaitSourceCount(long atLeast) throws IOException, InterruptedException {
    await("the source counts to " + atLeast, () -> sourceCount() >= atLeast);
  }

  void awaitBackupCount(long atLeast) throws IOException, InterruptedException {
    await("the backup counts to " + atLeast, () -> backupCount() >= atLeast);
  }

  long sourceCount() throws IOException {
    return CountingGuest.counts(source.serial()).max().orElse(0);
  }

  long backupCount() throws IOException {
    return CountingGuest.counts(backup.serial()).max().orElse(0);
  }

  long firstBackupCount() throws IOException {
    return CountingGuest.counts(backup.serial()).min().orElse(0);
  }

  private static void await(String what, Condition condition)
      throws IOException, InterruptedException {
    long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > deadlineNs) {
        throw new IOException("not within " + PATIENCE.toSeconds() + " s: " + what);
      }
      Thread.sleep(POLL_MS);
    }
  }

  private interface Condition {
    boolean holds() throws IOException, InterruptedException;
  }

  @Override
  public void close() throws IOException {
    try {
      source.close();
    } finally {
      backup.close();
    }
  }
}
