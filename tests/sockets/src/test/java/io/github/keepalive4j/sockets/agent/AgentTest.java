package io.github.keepalive4j.sockets.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.internal.sockets.SocketOptions;
import io.github.keepalive4j.support.Needs;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A JVM that starts with the agent. */
class AgentTest extends WithPeer {
  private static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";

  @ParameterizedTest
  @ValueSource(ints = {17, 25})
  void theArgumentHoldsTheRules(int release) throws Exception {
    try (AgentJvm jvm = AgentJvm.on(release).agent(RULES).with(NATIVE_ACCESS).start()) {
      assertEquals("connected", jvm.ask("connect " + port));
      jvm.awaitBudget(port, BUDGET);
      assertEquals("undone", jvm.ask("undo"));
      jvm.awaitBudget(port, BUDGET);
      assertEquals(List.of(), jvm.errors());
    }
  }

  @Test
  void thePropertyHoldsTheRulesOfAnAgentWithoutArgument() throws Exception {
    try (AgentJvm jvm = AgentJvm.on(17).agent("").with("-Dkeepalive4j.sockets=" + RULES).start()) {
      requireGoverned(jvm);
    }
  }

  @Test
  void theArgumentCountsMoreThanTheProperty() throws Exception {
    try (AgentJvm jvm =
        AgentJvm.on(17).agent(RULES).with("-Dkeepalive4j.sockets=within=99s").start()) {
      requireGoverned(jvm);
    }
  }

  @Test
  void theEnvironmentBringsTheAgent() throws Exception {
    String options = "-javaagent:" + AgentJvm.JAR + "=" + RULES;
    try (AgentJvm jvm = AgentJvm.on(17).environment("JAVA_TOOL_OPTIONS", options).start()) {
      requireGoverned(jvm);
    }
  }

  @Test
  void ofTwoAgentsTheLastOneCounts() throws Exception {
    try (AgentJvm jvm = AgentJvm.on(17).agent("within=99s").agent(RULES).start()) {
      requireGoverned(jvm);
      jvm.awaitSweepers(1);
      assertEquals(List.of(), jvm.errors());
    }
  }

  @Test
  void aPeerWithoutARuleIsLeftAlone() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        AgentJvm jvm =
            AgentJvm.on(17).agent(RULES + ",to=127.0.0.1:" + other.getLocalPort()).start()) {
      jvm.ask("connect " + port);
      jvm.ask("connect " + other.getLocalPort());
      jvm.awaitBudget(other.getLocalPort(), BUDGET);
      SocketOptions untouched = jvm.options(port).orElseThrow();
      assertFalse(untouched.keepAlive(), untouched.toString());
      assertEquals(0, untouched.userTimeoutMs());
    }
  }

  @Test
  void aProgramOfAnUnprivilegedUserIsHelped(@TempDir Path folder) throws Exception {
    Needs.lab();
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path jar = Files.copy(Path.of(AgentJvm.JAR), folder.resolve("agent.jar"));
    Path program = ProgramModule.compile(folder.resolve("classes"));
    try (AgentJvm jvm =
        AgentJvm.on(17)
            .by("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
            .agent(jar.toString(), RULES)
            .classPath(program.toString())
            .start()) {
      requireGoverned(jvm);
      assertEquals(List.of(), jvm.errors());
    }
  }

  @Test
  void noThreadOfTheAgentsKeepsTheJvmAlive() throws Exception {
    try (AgentJvm jvm = AgentJvm.on(17).agent(RULES).start()) {
      assertEquals("[main]", jvm.ask("threads"));
      requireGoverned(jvm);
      assertEquals("[main]", jvm.ask("threads"));
      jvm.say("end");
      assertEquals(0, jvm.awaitExit());
    }
  }

  @Test
  void anExitWhileTheAgentStartsIsNotDelayed() throws Exception {
    try (AgentJvm jvm = AgentJvm.on(17).agent(RULES).start()) {
      jvm.ask("connect " + port);
      jvm.say("exit 3");
      assertEquals(3, jvm.awaitExit());
      assertEquals(List.of(), jvm.errors());
    }
  }

  /** Some applications refuse to run if the JDK's logging was there before theirs. */
  @Test
  void theApplicationStillChoosesItsLogManager() throws Exception {
    String own = "application.OwnLogManager";
    try (AgentJvm jvm = AgentJvm.on(17).agent(RULES).start()) {
      assertEquals(own, jvm.ask("log " + own));
      requireGoverned(jvm);
    }
  }

  @Test
  void withoutASocketTheAgentBeginsAfterTenSeconds() throws Exception {
    try (AgentJvm jvm = AgentJvm.on(17).agent(RULES).start()) {
      jvm.awaitSweepers(1, Duration.ofSeconds(30));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {RULES, RULES + ",to=127.0.0.0/8"})
  void aNetworkPropertyThatTheApplicationSetsIsReadOrTold(String rules) throws Exception {
    String property = "java.net.preferIPv4Stack";
    try (AgentJvm jvm = AgentJvm.on(17).agent(rules).start()) {
      assertEquals("was null", jvm.ask("set " + property + " true"));
      requireGoverned(jvm);
      boolean isRead = jvm.ask("sockets").equals("IPv4");
      List<String> errors = jvm.errors();
      assertEquals(isRead ? 0 : 1, errors.size(), errors.toString());
      assertEquals(rules.equals(RULES), isRead);
      assertTrue(isRead || errors.get(0).contains("-D" + property + "=true"), errors.toString());
    }
  }
}
