package io.github.keepalive4j.qemu;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.Needs;
import io.github.keepalive4j.testkit.qemu.CountingGuest;
import io.github.keepalive4j.testkit.qemu.QemuProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** Real QEMUs in one directory, and sessions to them. {@link #close()} ends them all. */
final class QemuLab implements AutoCloseable {

  static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final Path directory;
  private final Deque<QemuProcess> processes = new ArrayDeque<>();
  private final Deque<QmpSession> sessions = new ArrayDeque<>();
  private final List<QmpEvent> events = new CopyOnWriteArrayList<>();

  QemuLab() throws IOException {
    Needs.qemu();
    directory = Files.createTempDirectory("k4j-qemu");
  }

  QemuProcess.Builder builder(String name) {
    return QemuProcess.builder(name, directory);
  }

  Path file(String name) {
    return directory.resolve(name);
  }

  QemuProcess start(QemuProcess.Builder builder) throws IOException {
    QemuProcess process = builder.start();
    processes.push(process);
    return process;
  }

  /**
   * Opens a session and waits until it is connected. Its events go into {@link #events(String)}.
   */
  QmpSession connect(QemuProcess process) throws Exception {
    QmpListener listener =
        new QmpListener() {
          @Override
          public void onEvent(QmpEvent event) {
            events.add(event);
          }
        };
    QmpSession session = QmpSession.open(process.qmp(), QmpSessionOptions.defaults(), listener);
    sessions.push(session);
    Eventually.await(
        process.name() + " is connected",
        TIMEOUT,
        () -> {
          assertTrue(process.process().isAlive(), process.log());
          return session.state() == QmpSession.State.CONNECTED;
        });
    return session;
  }

  long events(String name) {
    return events.stream().filter(event -> event.name().equals(name)).count();
  }

  static QmpValue execute(QmpSession session, String command) throws Exception {
    return session.execute(QmpCommand.of(command), TIMEOUT);
  }

  static void awaitStatus(QmpSession session, String status) throws Exception {
    Eventually.await(
        "status " + status,
        TIMEOUT,
        () -> execute(session, "query-status").path("status").asText().equals(status));
  }

  static void migrate(QmpSession source, String uri) throws Exception {
    source.execute(QmpCommand.of("migrate").with("uri", uri), TIMEOUT);
  }

  static void awaitMigration(QmpSession source, String status) throws Exception {
    Eventually.await(
        "migration " + status,
        TIMEOUT,
        () -> execute(source, "query-migrate").path("status").asText().equals(status));
  }

  static long lastCount(QemuProcess process) throws IOException {
    return CountingGuest.counts(process.serial()).max().orElse(0);
  }

  static void awaitCount(QemuProcess process, long atLeast) throws Exception {
    Eventually.await(
        process.name() + " counts to " + atLeast, TIMEOUT, () -> lastCount(process) >= atLeast);
  }

  /** Prints a takeover's duration and steps into the test's output. */
  static void report(Takeover takeover) {
    System.out.printf("%s: %.3f ms%n", takeover.action(), takeover.took().toNanos() / 1e6);
    takeover.steps().forEach(step -> System.out.println("  " + step));
  }

  @Override
  public void close() throws IOException {
    sessions.forEach(QmpSession::close);
    processes.forEach(QemuProcess::kill);
    for (QemuProcess process : processes) {
      process.close();
    }
    try (Stream<Path> left = Files.list(directory)) {
      for (Path file : left.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
