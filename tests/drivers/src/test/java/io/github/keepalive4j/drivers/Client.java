package io.github.keepalive4j.drivers;

import io.github.keepalive4j.drivers.client.ClientProgram;
import io.github.keepalive4j.drivers.client.Driver;
import io.github.keepalive4j.drivers.client.State;
import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.ManagedProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A JVM of its own with two conversations for each driver. */
final class Client {
  private static final Duration START_LIMIT = Duration.ofSeconds(90);
  private static final Duration STEP_LIMIT = Duration.ofSeconds(20);
  private static final List<String> SMALL_JVM =
      List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private final ManagedProcess process;
  private final List<Driver> drivers;

  private Client(ManagedProcess process, List<Driver> drivers) {
    this.process = process;
    this.drivers = drivers;
  }

  /** Starts one; rules that are empty stand for no socket factory. */
  static Client start(
      Host host, Path jdk, String server, String rules, List<String> options, List<Driver> drivers)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(jdk.resolve("bin/java").toString()));
    command.addAll(SMALL_JVM);
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(ClientProgram.class.getName(), server, rules));
    drivers.forEach(driver -> command.add(driver.name()));
    return new Client(host.start(command.toArray(String[]::new)), drivers);
  }

  long pid() {
    return process.pid();
  }

  void awaitConnected() throws Exception {
    for (State state : State.values()) {
      awaitAll("connected", state, START_LIMIT);
    }
  }

  /** Has the conversations of a state begin. */
  void begin(State state) throws Exception {
    process.stdin().write((state + "\n").getBytes(StandardCharsets.UTF_8));
    process.stdin().flush();
    awaitAll("begins", state, STEP_LIMIT);
  }

  private void awaitAll(String what, State state, Duration limit) throws Exception {
    for (Driver driver : drivers) {
      process.awaitLine("^" + what + " " + driver + " " + state + "$", limit);
    }
  }

  /** Returns how a call has ended since the host died, if it has. */
  Optional<End> end(Driver driver, State state, long deathNs) {
    String prefix = "ended " + driver + " " + state + " ";
    return process.lines().stream()
        .filter(line -> line.startsWith(prefix))
        .map(line -> line.substring(prefix.length()).split(" ", 3))
        .map(
            parts ->
                new End(
                    Long.parseLong(parts[1]) - Math.max(deathNs, Long.parseLong(parts[0])),
                    parts[2]))
        .findFirst();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  String errors() {
    return process.stderr().text();
  }
}
