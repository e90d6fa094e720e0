package io.github.keepalive4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.Liveness;
import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.Lab;
import io.github.keepalive4j.testkit.ManagedProcess;
import io.github.keepalive4j.testkit.junit.LabExtension;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each example does what its page says, on the class path and the module path of both JDKs. */
class ExamplesTest {
  private static final Duration LIMIT = Duration.ofSeconds(20); // some start at once, on few CPUs

  @RegisterExtension final LabExtension labs = LabExtension.perTest(Lab.builder().networks(2));

  private final List<ManagedProcess> programs = new ArrayList<>();
  private Setting setting;
  private Host sourceHost;
  private Host backupHost;
  private String address;

  private void set(Setting newSetting, Lab lab) {
    setting = newSetting;
    sourceHost = lab.source();
    backupHost = lab.backup();
    address = sourceHost.ipv4().getHostAddress();
  }

  private ManagedProcess start(Host host, String program, String... arguments) throws IOException {
    ManagedProcess process = host.start(setting.program(program, arguments).toArray(String[]::new));
    programs.add(process);
    return process;
  }

  private ManagedProcess startSource() throws Exception {
    ManagedProcess source = start(sourceHost, "HealthySource", "0.0.0.0");
    source.awaitLine("serving", LIMIT);
    return source;
  }

  private static void say(ManagedProcess program, String line) throws IOException {
    program.stdin().write((line + "\n").getBytes(StandardCharsets.UTF_8));
    program.stdin().flush();
  }

  @AfterEach
  void endAndExpectNoWarnings() throws IOException {
    for (ManagedProcess program : programs) {
      program.close();
      assertEquals("", program.stderr().text());
    }
  }

  @ParameterizedTest
  @MethodSource("io.github.keepalive4j.examples.Setting#all")
  void aBackupTakesOver(Setting with, Lab lab) throws Exception {
    set(with, lab);
    ManagedProcess source = startSource();
    ManagedProcess backup = start(backupHost, "Backup", address);
    backup.awaitLine("standing by", LIMIT);
    source.kill();
    backup.awaitLine("taking over: .*(CLOSED|RESET)", LIMIT);
  }

  @ParameterizedTest
  @MethodSource("io.github.keepalive4j.examples.Setting#all")
  void aStandbyWaitsForItsSourceAndTheNextAndTakesOverWhenThatHangs(Setting with, Lab lab)
      throws Exception {
    set(with, lab);
    ManagedProcess standby = start(backupHost, "SupervisedStandby", address);
    standby.awaitNextLine("-> WAITING: .*ConnectException", LIMIT);
    ManagedProcess first = startSource();
    standby.awaitNextLine("-> ARMED", LIMIT);
    say(first, "quit");
    standby.awaitNextLine("-> WAITING", LIMIT);
    assertEquals(0, first.waitFor(LIMIT));
    ManagedProcess second = startSource();
    standby.awaitNextLine("-> ARMED", LIMIT);
    say(second, "60000");
    standby.awaitNextLine("taking over: .*HUNG", LIMIT);
    standby.awaitNextLine("^TAKEN_OVER ", LIMIT);
    assertEquals(0, standby.waitFor(LIMIT));
  }

  @ParameterizedTest
  @MethodSource("io.github.keepalive4j.examples.Setting#all")
  void aHealthySourceHangsWithItsJobsAndLeavesInOrder(Setting with, Lab lab) throws Exception {
    set(with, lab);
    ManagedProcess source = startSource();
    try (KeepaliveSocket link = connect()) {
      say(source, "2000");
      assertEquals(FailureCause.HUNG, link.awaitFailure(LIMIT).orElseThrow().cause());
    }
    say(source, "1");
    source.awaitLine("done: 1$", LIMIT);
    try (KeepaliveSocket link = connect()) {
      say(source, "quit");
      assertEquals(FailureCause.LEFT, link.awaitFailure(LIMIT).orElseThrow().cause());
    }
    assertEquals(0, source.waitFor(LIMIT));
  }

  private KeepaliveSocket connect() throws Exception {
    KeepaliveOptions options =
        KeepaliveOptions.detectWithin(Duration.ofSeconds(1), Liveness.PROCESS);
    return backupHost.call(
        () -> KeepaliveSocket.connect(new InetSocketAddress(address, 9999), options));
  }

  @ParameterizedTest
  @MethodSource("io.github.keepalive4j.examples.Setting#all")
  void twoPathsTakeOverWhenBothAreLost(Setting with, Lab lab) throws Exception {
    set(with, lab);
    startSource();
    List<String> paths = new ArrayList<>();
    for (int network = 0; network < 2; network++) {
      paths.add(backupHost.nic(network).device());
      paths.add(sourceHost.nic(network).ipv4().getHostAddress());
    }
    ManagedProcess backup = start(backupHost, "TwoPaths", paths.toArray(String[]::new));
    backup.awaitLine("watching 2 paths", LIMIT);
    Fault cut = sourceHost.nic(0).drop();
    backup.awaitNextLine("path lost", LIMIT);
    cut.close();
    backup.awaitNextLine("path is back: " + paths.get(0), LIMIT);
    sourceHost.nic(0).drop();
    sourceHost.nic(1).drop();
    backup.awaitNextLine("taking over: .*" + paths.get(1), LIMIT);
    assertEquals(0, backup.waitFor(LIMIT));
  }

  @ParameterizedTest
  @MethodSource("io.github.keepalive4j.examples.Setting#all")
  void anEventLoopHearsBothItsInputAndTheDeath(Setting with, Lab lab) throws Exception {
    set(with, lab);
    ManagedProcess source = startSource();
    ManagedProcess loop = start(backupHost, "EventLoop", address);
    loop.awaitLine("waiting", LIMIT);
    say(loop, "status");
    loop.awaitLine("7 bytes of input, the source is up", LIMIT);
    source.kill();
    loop.awaitLine("taking over: .*(CLOSED|RESET)", LIMIT);
    assertEquals(0, loop.waitFor(LIMIT));
  }

  @ParameterizedTest
  @MethodSource("io.github.keepalive4j.examples.Setting#all")
  void ofTwoGuardedBackupsTheHolderOfTheLeaseRuns(Setting with, Lab lab) throws Exception {
    set(with, lab);
    ManagedProcess source = startSource();
    ManagedProcess leases = start(backupHost, "LeaseService");
    String lease = leases.awaitLine("http", LIMIT).text();
    ManagedProcess one = startGuarded(lease);
    ManagedProcess other = startGuarded(lease);
    source.kill();
    String end = one.awaitLine("^(TAKEN_OVER|DECLINED) ", LIMIT).text();
    ManagedProcess holder = end.startsWith("TAKEN_OVER") ? one : other;
    ManagedProcess declined = end.startsWith("TAKEN_OVER") ? other : one;
    holder.awaitLine("running on token 1", LIMIT);
    declined.awaitLine("^DECLINED .*lease 1 is held", LIMIT);
    say(leases, "");
    holder.awaitLine("stopping: lease 1 is over", LIMIT);
    assertEquals(0, holder.waitFor(LIMIT));
    assertEquals(0, declined.waitFor(LIMIT));
    assertTrue(declined.stderr().text().contains("no takeover"), declined.stderr()::text);
    programs.remove(declined);
  }

  @ParameterizedTest
  @MethodSource("io.github.keepalive4j.examples.Setting#all")
  void theMetersAreThoseOfBothSides(Setting with, Lab lab) throws Exception {
    set(with, lab);
    ManagedProcess metrics = start(backupHost, "Metrics");
    metrics.awaitLine("'keepalive.links'.*up", LIMIT);
    metrics.awaitLine("'keepalive.server.backups'", LIMIT);
    assertEquals(0, metrics.waitFor(LIMIT));
  }

  @ParameterizedTest
  @MethodSource("io.github.keepalive4j.examples.Setting#all")
  void waitersGiveUpWhenTheirPeersHostDies(Setting with, Lab lab) throws Exception {
    set(with, lab);
    startSource();
    ManagedProcess bounded = start(backupHost, "BoundedWait", address);
    ManagedProcess swept = start(backupHost, "SweptSockets", address);
    bounded.awaitLine("waiting", LIMIT);
    swept.awaitLine("waiting", LIMIT);
    sourceHost.drop();
    bounded.awaitLine("gave up: .*timed out", LIMIT);
    swept.awaitLine("gave up: .*timed out", LIMIT);
  }

  private ManagedProcess startGuarded(String lease) throws Exception {
    String service = "echo \"running on token $KEEPALIVE_TOKEN\"; exec cat";
    ManagedProcess backup = start(backupHost, "GuardedBackup", address, lease, "sh", "-c", service);
    backup.awaitLine("standing by", LIMIT);
    return backup;
  }

  @ParameterizedTest
  @MethodSource("io.github.keepalive4j.examples.Setting#all")
  void theExamplesTestsPass(Setting with) throws Exception {
    Process tests =
        new ProcessBuilder(with.tests("FailoverTest", "LeaseGuardTest", "ServiceStartTest"))
            .redirectErrorStream(true)
            .start();
    String output = new String(tests.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, tests.waitFor());
    assertFalse(output.contains("FAILED"), output);
    assertEquals(8, output.lines().filter(line -> line.startsWith("SUCCESSFUL")).count(), output);
  }
}
