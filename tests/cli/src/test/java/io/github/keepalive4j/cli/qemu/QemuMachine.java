package io.github.keepalive4j.cli.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.qemu.QmpCommand;
import io.github.keepalive4j.qemu.QmpEvent;
import io.github.keepalive4j.qemu.QmpListener;
import io.github.keepalive4j.qemu.QmpSession;
import io.github.keepalive4j.qemu.QmpSessionOptions;
import io.github.keepalive4j.qemu.QmpValue;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.Needs;
import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.qemu.CountingGuest;
import io.github.keepalive4j.testkit.qemu.QemuProcess;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** A real machine, with a QMP socket for the command and another by which the test looks on. */
public final class QemuMachine implements AutoCloseable {
  static final int MIGRATION_PORT = 9998;
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final QemuProcess process;
  private final List<QmpEvent> events = new CopyOnWriteArrayList<>();
  private final QmpSession observer;

  private QemuMachine(QemuProcess process, Path observed) {
    this.process = process;
    QmpListener listener =
        new QmpListener() {
          @Override
          public void onEvent(QmpEvent event) {
            events.add(event);
          }
        };
    observer =
        QmpSession.open(
            UnixDomainSocketAddress.of(observed), QmpSessionOptions.defaults(), listener);
  }

  /** Starts a machine beside the test, and waits until it answers. */
  public static QemuMachine start(Path folder, UnaryOperator<QemuProcess.Builder> settings)
      throws Exception {
    return start("machine", folder, settings);
  }

  static QemuMachine on(Host host, Path folder, UnaryOperator<QemuProcess.Builder> settings)
      throws Exception {
    return start(
        host.name(),
        folder,
        builder -> settings.apply(builder.prefix("ip", "netns", "exec", host.namespace())));
  }

  private static QemuMachine start(
      String name, Path folder, UnaryOperator<QemuProcess.Builder> settings) throws Exception {
    Needs.qemu();
    Path observed = folder.resolve(name + ".observed");
    QemuProcess process =
        settings
            .apply(QemuProcess.builder(name, folder))
            .arguments("-qmp", "unix:" + observed + ",server=on,wait=off")
            .start();
    QemuMachine machine = new QemuMachine(process, observed);
    try {
      machine.observer.awaitConnected(LIMIT);
      return machine;
    } catch (IOException e) {
      String log = process.log();
      machine.close();
      throw new IOException(log, e);
    }
  }

  public String qmp() {
    return process.qmp().getPath().toString();
  }

  QmpValue execute(QmpCommand command) throws Exception {
    return observer.execute(command, LIMIT);
  }

  public QmpValue execute(String command) throws Exception {
    return execute(QmpCommand.of(command));
  }

  public String status() throws Exception {
    return execute("query-status").path("status").asText();
  }

  public void awaitStatus(String wanted) throws Exception {
    await("status " + wanted, () -> status().equals(wanted));
  }

  /** Migrates the guest's state, and waits until the other has all of it. */
  void migrateTo(QemuMachine other, Host host) throws Exception {
    beginMigrationTo(host);
    await("migration", () -> execute("query-migrate").path("status").asText().equals("completed"));
    other.awaitStatus("paused");
  }

  void beginMigrationTo(Host host) throws Exception {
    String uri = "tcp:" + host.ipv4().getHostAddress() + ":" + MIGRATION_PORT;
    execute(QmpCommand.of("migrate").with("uri", uri));
  }

  public static UnaryOperator<QemuProcess.Builder> awaitingMigration() {
    return builder -> builder.incoming("tcp:0.0.0.0:" + MIGRATION_PORT);
  }

  long count() throws IOException {
    return CountingGuest.counts(process.serial()).max().orElse(0);
  }

  long firstCount() throws IOException {
    return CountingGuest.counts(process.serial()).min().orElseThrow();
  }

  void awaitCount(long atLeast) throws Exception {
    await("count " + atLeast, () -> count() >= atLeast);
  }

  /** Requires that the machine was started once: events come in order, so a stop ends the count. */
  void requireOneStart() throws Exception {
    execute("stop");
    await("event STOP", () -> events("STOP") == 1);
    assertEquals(1, events("RESUME"));
  }

  private long events(String name) {
    return events.stream().filter(event -> event.name().equals(name)).count();
  }

  void kill() {
    process.kill();
  }

  public void signal(String name) throws Exception {
    String pid = Long.toString(process.process().pid());
    assertEquals(0, new ProcessBuilder("kill", "-" + name, pid).start().waitFor());
  }

  void await(String what, Callable<Boolean> condition) throws Exception {
    Eventually.await(process.name() + ": " + what, LIMIT, condition);
  }

  @Override
  public void close() throws IOException {
    observer.close();
    process.close();
    assertTrue(!process.process().isAlive());
  }
}
