package io.github.keepalive4j.drivers;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.drivers.client.Driver;
import io.github.keepalive4j.drivers.client.State;
import io.github.keepalive4j.drivers.server.Servers;
import io.github.keepalive4j.support.Jdk;
import io.github.keepalive4j.support.Needs;
import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.Lab;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One host with all servers dies without a word. On another one all drivers wait for answers or
 * send: in a JVM that nobody touches, and in one for each way to touch it.
 */
final class Experiment implements AutoCloseable {
  static final Duration BUDGET = Duration.ofSeconds(6);

  /** How long an untouched call is watched: longer than any other may take. */
  static final Duration WATCHED =
      Boolean.getBoolean("keepalive4j.drivers.long")
          ? Duration.ofSeconds(60)
          : Duration.ofSeconds(20);

  private static final int MOST_TRIES = 10;
  private static final String RULES = "within=6s";
  private static final String COMMAND = System.getProperty("keepalive.jar");
  private static final String AGENT = System.getProperty("keepalive.agent");

  private final Lab lab;
  private final Map<Way, Client> clients = new EnumMap<>(Way.class);
  private long deathNs;

  private Experiment(Lab lab) {
    this.lab = lab;
  }

  /** Carries it out. */
  static Experiment run(Path folder, Path clientJdk) throws Exception {
    Experiment experiment = new Experiment(Needs.openLab("server", "client"));
    try {
      experiment.carryOut(folder, clientJdk);
      return experiment;
    } catch (Exception | Error e) {
      experiment.close();
      throw e;
    }
  }

  private void carryOut(Path folder, Path clientJdk) throws Exception {
    Host server = lab.host("server");
    Host client = lab.host("client");
    Servers servers = new Servers(server, folder);
    for (Way way : Way.values()) {
      clients.put(way, start(client, clientJdk, server.ipv4().getHostAddress(), way));
    }
    for (Client one : clients.values()) {
      one.awaitConnected();
    }
    setByCommand(client);
    Connections connections = new Connections(client);
    for (Way way : List.of(Way.FACTORY, Way.AGENT, Way.COMMAND)) {
      connections.awaitGoverned(clients.get(way).pid());
    }
    servers.stopThoseThatAnswerAll();
    begin(State.WAITING);
    connections.awaitSilence();
    kill(server, connections);
    begin(State.SENDING);
    TimeUnit.NANOSECONDS.sleep(WATCHED.toNanos());
  }

  private Client start(Host host, Path jdk, String server, Way way) throws Exception {
    return switch (way) {
      case FACTORY ->
          Client.start(
              host,
              jdk,
              server,
              RULES,
              List.of("-Dkeepalive4j.sockets=" + RULES),
              Arrays.stream(Driver.values()).filter(Driver::takesFactory).toList());
      case AGENT -> startAll(host, jdk, server, List.of("-javaagent:" + AGENT + "=" + RULES));
      case UNTOUCHED, COMMAND -> startAll(host, jdk, server, List.of());
    };
  }

  private static Client startAll(Host host, Path jdk, String server, List<String> options)
      throws Exception {
    return Client.start(host, jdk, server, "", options, List.of(Driver.values()));
  }

  private void setByCommand(Host host) throws Exception {
    String pid = Long.toString(clients.get(Way.COMMAND).pid());
    String budget = BUDGET.toSeconds() + "s";
    host.run(Jdk.java(), "-jar", COMMAND, "sockets", "--pid", pid, "--within", budget);
  }

  private void begin(State state) throws Exception {
    for (Client client : clients.values()) {
      client.begin(state);
    }
  }

  private void kill(Host server, Connections connections) throws Exception {
    Fault cut = server.drop();
    for (int tries = 1; connections.isAnythingInFlight(); tries++) { // a driver's own heartbeat
      assertTrue(tries < MOST_TRIES, "something is always in flight when the host dies");
      cut.close();
      connections.awaitSilence();
      cut = server.drop();
    }
    deathNs = cut.effectiveNs();
  }

  Optional<End> end(Driver driver, State state, Way way) {
    return clients.get(way).end(driver, state, deathNs);
  }

  String errors(Way way) {
    return clients.get(way).errors();
  }

  boolean isAlive(Way way) {
    return clients.get(way).isAlive();
  }

  @Override
  public void close() throws IOException {
    lab.close();
  }
}
