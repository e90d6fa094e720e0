package io.github.keepalive4j.sockets.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.VirtualMachine;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The agent comes to a JVM that runs already. */
class AttachTest extends WithPeer {
  private static final Duration OTHER_BUDGET = Duration.ofSeconds(20);

  private static void attach(AgentJvm jvm, String rules) throws Exception {
    VirtualMachine machine = VirtualMachine.attach(Long.toString(jvm.pid()));
    try {
      machine.loadAgent(AgentJvm.JAR, rules);
    } finally {
      machine.detach();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 25})
  void jcmdBringsTheAgentToOpenSockets(int release) throws Exception {
    try (AgentJvm jvm = AgentJvm.on(release).start()) {
      jvm.ask("connect " + port);
      String answer = jvm.jcmd("JVMTI.agent_load", AgentJvm.JAR, "\"within=12s\"");
      assertTrue(answer.contains("return code: 0"), answer);
      jvm.awaitBudget(port, BUDGET);
    }
  }

  @Test
  void theWarningsOfJdk25CanBeTurnedOff() throws Exception {
    try (AgentJvm jvm =
        AgentJvm.on(25)
            .with("-XX:+EnableDynamicAgentLoading", "--enable-native-access=ALL-UNNAMED")
            .start()) {
      jvm.ask("connect " + port);
      attach(jvm, RULES);
      jvm.awaitBudget(port, BUDGET);
      assertEquals(List.of(), jvm.errors());
    }
  }

  @Test
  void otherRulesReplaceThose() throws Exception {
    try (AgentJvm jvm = AgentJvm.on(17).start()) {
      jvm.ask("connect " + port);
      attach(jvm, RULES);
      jvm.awaitBudget(port, BUDGET);
      attach(jvm, "within=20s");
      jvm.awaitBudget(port, OTHER_BUDGET);
      jvm.awaitSweepers(1);
      assertEquals("undone", jvm.ask("undo"));
      jvm.awaitBudget(port, OTHER_BUDGET);
      assertEquals(List.of(), jvm.errors());
    }
  }

  @Test
  void theyReplaceThoseThatTheJvmStartedWith() throws Exception {
    try (AgentJvm jvm = AgentJvm.on(17).agent(RULES).start()) {
      attach(jvm, "within=20s"); // before the first is needed
      jvm.ask("connect " + port);
      jvm.awaitBudget(port, OTHER_BUDGET);
      jvm.awaitSweepers(1);
    }
  }

  @Test
  void thePropertyHoldsTheRulesOfOneWithoutArgument() throws Exception {
    try (AgentJvm jvm = AgentJvm.on(17).with("-Dkeepalive4j.sockets=within=12s").start()) {
      jvm.ask("connect " + port);
      String answer = jvm.jcmd("JVMTI.agent_load", AgentJvm.JAR);
      assertTrue(answer.contains("return code: 0"), answer);
      jvm.awaitBudget(port, BUDGET);
    }
  }

  @Test
  void wrongRulesAreToldToWhoAttachesAndTheOldOnesHold() throws Exception {
    try (AgentJvm jvm = AgentJvm.on(17).start()) {
      jvm.ask("connect " + port);
      attach(jvm, RULES);
      jvm.awaitBudget(port, BUDGET);
      assertThrows(AgentInitializationException.class, () -> attach(jvm, "within=banana"));
      String line = jvm.errors().get(0);
      assertTrue(
          line.startsWith("keepalive4j-sockets: the JVM goes on as before: ")
              && line.contains("banana"),
          line);
      jvm.ask("undo");
      jvm.awaitBudget(port, BUDGET);
    }
  }

  @Test
  void offEndsIt() throws Exception {
    try (AgentJvm jvm = AgentJvm.on(17).start()) {
      jvm.ask("connect " + port);
      attach(jvm, RULES);
      jvm.awaitBudget(port, BUDGET);
      attach(jvm, "off");
      jvm.awaitSweepers(0);
      assertEquals(Budgets.options(BUDGET), jvm.options(port).orElseThrow());
      assertEquals(List.of(), jvm.errors());
    }
  }
}
