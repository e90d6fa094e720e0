package io.github.keepalive4j.sockets.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.Needs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An agent that can't start says why in one line, and the JVM goes on unless the agent is required.
 */
class AgentMistakesTest extends WithPeer {
  private static final String GOES_ON = "keepalive4j-sockets: the JVM goes on without the agent: ";
  private static final String LATER =
      "keepalive4j-sockets: the agent begins when descriptors are free: ";
  private static final String ENDS = "keepalive4j-sockets: the JVM ends: ";
  private static final String REQUIRED = "-Dkeepalive4j.sockets.required=true";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "within=banana | banana",
        "within=1s | 3375ms",
        "to=10.0.0.0/8 | to=10.0.0.0/8",
        "within=12s,to=10.0.0.0/99 | 10.0.0.0/99",
        "without=12s | without=12s",
        "'' | within=30s"
      })
  void wrongRulesAreToldInOneLineBeforeTheProgram(String rules, String named) throws Exception {
    try (AgentJvm jvm = AgentJvm.on(17).agent(rules).start()) {
      assertOneLine(jvm, GOES_ON, named);
      assertEquals("connected", jvm.ask("connect " + port));
    }
  }

  private static void assertOneLine(AgentJvm jvm, String start, String named) throws Exception {
    List<String> errors = jvm.errors();
    assertEquals(1, errors.size(), errors.toString());
    assertTrue(errors.get(0).startsWith(start), errors.get(0));
    assertTrue(errors.get(0).contains(named), errors.get(0));
  }

  @Test
  void wrongRulesInThePropertyAreToldToo() throws Exception {
    try (AgentJvm jvm =
        AgentJvm.on(17).agent("").with("-Dkeepalive4j.sockets=within=soon").start()) {
      assertOneLine(jvm, GOES_ON, "soon");
    }
  }

  @Test
  void aRequiredAgentThatCannotStartEndsTheJvm() throws Exception {
    try (AgentJvm jvm = AgentJvm.on(17).agent("within=banana").with(REQUIRED).begin()) {
      assertNotEquals(0, jvm.awaitExit());
      String first = jvm.errors().get(0);
      assertTrue(first.startsWith(ENDS) && first.contains("banana"), first);
    }
  }

  @Test
  void aRequiredAgentWithoutItsShimEndsTheJvm() throws Exception {
    try (AgentJvm jvm =
        AgentJvm.on(17)
            .agent(RULES)
            .with(REQUIRED, "-Dkeepalive4j.sockets.library=/nowhere/lib.so")
            .begin()) {
      assertNotEquals(0, jvm.awaitExit());
      String first = jvm.errors().get(0);
      assertTrue(first.startsWith(ENDS) && first.contains("/nowhere/lib.so"), first);
    }
  }

  @Test
  void aShimThatDoesNotLoadIsToldInOneLine() throws Exception {
    try (AgentJvm jvm =
        AgentJvm.on(17)
            .agent(RULES)
            .with("-Dkeepalive4j.sockets.library=/nowhere/lib.so")
            .start()) {
      assertEquals("connected", jvm.ask("connect " + port));
      Eventually.await("a line", () -> !jvm.errors().isEmpty());
      assertOneLine(jvm, GOES_ON, "/nowhere/lib.so");
    }
  }

  @Test
  void aRequiredAgentThatStartsIsThereBeforeTheProgram() throws Exception {
    try (AgentJvm jvm = AgentJvm.on(17).agent(RULES).with(REQUIRED).start()) {
      requireGoverned(jvm);
      assertEquals(List.of(), jvm.errors());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"noexec", "ro"})
  void aFolderThatForbidsExecutionOrWritingIsToldWithTheWayOut(String option, @TempDir Path folder)
      throws Exception {
    Needs.lab();
    String mount = "mount -t tmpfs -o " + option + " none " + folder + " && exec \"$@\"";
    try (AgentJvm jvm =
        AgentJvm.on(17)
            .by("unshare", "--mount", "sh", "-c", mount, "sh")
            .agent(RULES)
            .with("-Djna.tmpdir=" + folder)
            .start()) {
      assertEquals("connected", jvm.ask("connect " + port));
      Eventually.await("a line", () -> !jvm.errors().isEmpty());
      assertOneLine(jvm, GOES_ON, "-Djna.tmpdir=FOLDER");
      assertFalse(jvm.options(port).orElseThrow().keepAlive());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-Dkeepalive4j.sockets.required", "-Dkeepalive4j.sockets.required="})
  void requiredWithoutAValueIsRequired(String setting) throws Exception {
    try (AgentJvm jvm = AgentJvm.on(17).agent("within=banana").with(setting).begin()) {
      assertNotEquals(0, jvm.awaitExit());
      assertTrue(jvm.errors().get(0).startsWith(ENDS), jvm.errors().get(0));
    }
  }

  @Test
  void anotherValueThanTrueOrFalseEndsTheJvmByName() throws Exception {
    try (AgentJvm jvm =
        AgentJvm.on(17).agent(RULES).with("-Dkeepalive4j.sockets.required=yes").begin()) {
      assertNotEquals(0, jvm.awaitExit());
      String first = jvm.errors().get(0);
      String named = "keepalive4j.sockets.required \"yes\" is neither true nor false";
      assertEquals(ENDS + named, first);
    }
  }

  @Test
  void aSecurityManagerThatGrantsNothingIsToldAndTheJvmGoesOn(@TempDir Path folder)
      throws Exception {
    Path policy = folder.resolve("policy");
    String classes = "\"file:" + AgentJvm.CLASSES + "/-\"";
    Files.writeString(
        policy, "grant codeBase " + classes + " { permission java.security.AllPermission; };");
    try (AgentJvm jvm =
        AgentJvm.on(17)
            .agent(RULES)
            .with("-Djava.security.manager", "-Djava.security.policy=" + policy)
            .start()) {
      assertEquals("connected", jvm.ask("connect " + port));
      List<String> ours =
          jvm.errors().stream().filter(line -> line.startsWith("keepalive4j")).toList();
      assertEquals(1, ours.size(), jvm.errors().toString());
      assertTrue(ours.get(0).startsWith(GOES_ON) && ours.get(0).contains("policy"), ours.get(0));
    }
  }

  @Test
  void withoutDescriptorsTheAgentBeginsLaterAndTellsOnce() throws Exception {
    try (AgentJvm jvm =
        AgentJvm.on(17).by("sh", "-c", "ulimit -n 300 && exec \"$@\"", "sh").agent(RULES).start()) {
      assertEquals("full", jvm.ask("fill 10"));
      assertEquals("connected", jvm.ask("connect " + port));
      Eventually.await("a line", () -> !jvm.errors().isEmpty());
      assertEquals("free", jvm.ask("free"));
      jvm.awaitBudget(port, BUDGET);
      assertOneLine(jvm, LATER, "Too many open files");
    }
  }

  @Test
  void aSweepWithoutDescriptorsIsToldAndALaterOneSetsAgain() throws Exception {
    try (AgentJvm jvm =
        AgentJvm.on(17).by("sh", "-c", "ulimit -n 300 && exec \"$@\"", "sh").agent(RULES).start()) {
      assertEquals("warned", jvm.ask("warn"));
      requireGoverned(jvm);
      assertEquals("full", jvm.ask("fill 0"));
      assertEquals("undone", jvm.ask("undo"));
      Eventually.await("a line", () -> hasFailedSweep(jvm));
      assertFalse(jvm.options(port).orElseThrow().keepAlive());
      assertEquals("free", jvm.ask("free"));
      jvm.awaitBudget(port, BUDGET);
    }
  }

  private static boolean hasFailedSweep(AgentJvm jvm) throws Exception {
    return jvm.errors().stream().anyMatch(line -> line.contains("a sweep of the sockets failed"));
  }

  @Test
  void aJvmThatExitsMeanwhileSaysNothing() throws Exception {
    try (AgentJvm jvm = AgentJvm.on(17).agent(RULES).start()) {
      jvm.say("late " + port);
      assertEquals(3, jvm.awaitExit());
      assertEquals(List.of(), jvm.errors());
    }
  }

  @Test
  void aJvmThatDeniesNativeAccessIsToldWithTheWayOut() throws Exception {
    try (AgentJvm jvm = AgentJvm.on(25).agent(RULES).with("--illegal-native-access=deny").start()) {
      jvm.ask("connect " + port);
      Eventually.await("a line", () -> !jvm.errors().isEmpty());
      assertOneLine(jvm, GOES_ON, "--enable-native-access=ALL-UNNAMED");
    }
  }
}
