package io.github.keepalive4j.qemu;

import static io.github.keepalive4j.qemu.FakeQemu.error;
import static io.github.keepalive4j.qemu.FakeQemu.name;
import static io.github.keepalive4j.qemu.FakeQemu.success;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.keepalive4j.qemu.QmpConnectionException.Fault;
import io.github.keepalive4j.qemu.TakeoverStep.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class FailoverActionTest {

  private static final Duration LONG = Duration.ofSeconds(10);
  private static final Duration SHORT = Duration.ofMillis(200);
  private static final JsonNode LOST_HEARTBEAT =
      JsonNodeFactory.instance.objectNode().put("execute", "x-colo-lost-heartbeat");

  private final FakeQemu.Answers primary = coloMachine("primary");

  private static String status(String status) {
    return success(
        "{\"status\": \"" + status + "\", \"running\": " + status.equals("running") + "}");
  }

  private static String colo(String mode, String lastMode, String reason) {
    return success(
        String.format(
            "{\"mode\": \"%s\", \"last-mode\": \"%s\", \"reason\": \"%s\"}",
            mode, lastMode, reason));
  }

  /** A machine that starts to run a little after the first {@code cont}. */
  private static FakeQemu.Answers pausedMachine() {
    AtomicInteger queriesUntilRunning = new AtomicInteger(Integer.MAX_VALUE);
    return command -> {
      if (name(command).equals("cont")) {
        queriesUntilRunning.set(3);
        return success("{}");
      }
      return status(queriesUntilRunning.getAndDecrement() > 0 ? "paused" : "running");
    };
  }

  /** A COLO machine that leaves COLO a little after {@code x-colo-lost-heartbeat}. */
  private static FakeQemu.Answers coloMachine(String role) {
    AtomicReference<String> reason = new AtomicReference<>("none");
    return command ->
        switch (name(command)) {
          case "query-colo-status" -> {
            boolean left = reason.get().equals("request");
            String answer = colo(left ? "none" : role, left ? role : "none", reason.get());
            reason.compareAndSet("processing", "request");
            yield answer;
          }
          case "query-status" -> status(reason.get().equals("request") ? "running" : "colo");
          case "x-colo-lost-heartbeat" ->
              reason.compareAndSet("none", "processing")
                  ? success("{}")
                  : error("GenericError", "COLO failover is already activated");
          default -> error("GenericError", "NBD server not running");
        };
  }

  private static TakeoverException failure(
      FailoverAction action, FakeQemu.Answers answers, Duration limit) throws Exception {
    try (FakeQemu qemu = FakeQemu.answering(answers);
        QmpClient client = QmpClient.connect(qemu.address())) {
      TakeoverException e = assertThrows(TakeoverException.class, () -> action.run(client, limit));
      assertEquals(action.name(), e.action());
      assertTrue(e.took().compareTo(limit.plusSeconds(5)) < 0, e.getMessage());
      return e;
    }
  }

  private static List<String> names(List<JsonNode> commands) {
    return commands.stream().map(FakeQemu::name).toList();
  }

  @Test
  void contWaitsUntilTheMachineRuns() throws Exception {
    try (FakeQemu qemu = FakeQemu.answering(pausedMachine());
        QmpClient client = QmpClient.connect(qemu.address())) {
      Takeover takeover = new ContAction().run(client, LONG);
      assertEquals("cont", takeover.action());
      assertEquals(3, takeover.steps().size());
      assertEquals(
          List.of(
              "query-status",
              "cont",
              "query-status",
              "query-status",
              "query-status",
              "query-status"),
          names(qemu.commands()));
      for (int i = 1; i < 3; i++) {
        TakeoverStep before = takeover.steps().get(i - 1);
        TakeoverStep step = takeover.steps().get(i);
        assertTrue(step.startedNs() - before.startedNs() >= before.took().toNanos());
      }
    }
  }

  @Test
  void concurrentRunsSendOneCont() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(8);
    FailoverAction action = new ContAction();
    try (FakeQemu qemu = FakeQemu.answering(pausedMachine());
        QmpClient client = QmpClient.connect(qemu.address())) {
      List<Future<Takeover>> runs = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        runs.add(pool.submit(() -> action.run(client, LONG)));
      }
      int acted = 0;
      for (Future<Takeover> run : runs) {
        acted += run.get().alreadyDone() ? 0 : 1;
      }
      assertEquals(1, acted);
      assertEquals(1, qemu.count("cont"));
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void contReportsWhyQemuRefused() throws Exception {
    TakeoverException e =
        failure(
            new ContAction(),
            command ->
                name(command).equals("cont")
                    ? error("GenericError", "Resetting the Virtual Machine is required")
                    : status("shutdown"),
            LONG);
    QmpException refusal = assertInstanceOf(QmpException.class, e.getCause());
    assertEquals("Resetting the Virtual Machine is required", refusal.description());
    assertEquals(Outcome.FAILED, e.steps().get(1).outcome());
    assertEquals(
        "GenericError: Resetting the Virtual Machine is required", e.steps().get(1).detail());
  }

  @ParameterizedTest
  @ValueSource(strings = {"inmigrate", "finish-migrate", "postmigrate", "colo"})
  void contIsNotSentIfItWouldDoSomethingElse(String status) throws Exception {
    TakeoverException e =
        failure(
            new ContAction(),
            command ->
                name(command).equals("cont") ? error("GenericError", "sent") : status(status),
            LONG);
    assertTrue(e.getMessage().contains("machine"), e.getMessage());
    assertEquals(1, e.steps().size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"primary", "secondary"})
  void contRefusesAMachineThatRunsInColo(String role) throws Exception {
    TakeoverException e =
        failure(
            new ContAction(),
            command ->
                name(command).equals("query-colo-status")
                    ? colo(role, "none", "none")
                    : status("running"),
            LONG);
    assertTrue(e.getMessage().contains("in COLO mode"), e.getMessage());
    assertTrue(e.getMessage().contains("mode " + role), e.getMessage());
  }

  @Test
  void contIsDoneOnARunningMachineThatDoesNotKnowColo() throws Exception {
    try (FakeQemu qemu =
            FakeQemu.answering(
                command ->
                    name(command).equals("query-status")
                        ? status("running")
                        : error("CommandNotFound", "has not been found"));
        QmpClient client = QmpClient.connect(qemu.address())) {
      assertTrue(new ContAction().run(client, LONG).alreadyDone());
      assertEquals(0, qemu.count("cont"));
    }
  }

  @Test
  void contGivesUpOnAMachineThatStopsAgain() throws Exception {
    AtomicInteger conts = new AtomicInteger();
    TakeoverException e =
        failure(
            new ContAction(),
            command -> {
              if (name(command).equals("cont")) {
                conts.incrementAndGet();
                return success("{}");
              }
              return status(conts.get() == 0 ? "paused" : "internal-error");
            },
            LONG);
    assertTrue(e.getMessage().contains("internal-error"), e.getMessage());
    assertTrue(e.took().compareTo(LONG) < 0);
  }

  @Test
  void contGivesUpAtItsLimit() throws Exception {
    TakeoverException e =
        failure(
            new ContAction(),
            command -> name(command).equals("cont") ? success("{}") : status("paused"),
            SHORT);
    // on a slow machine the limit may end a query instead of a pause between two
    boolean duringAQuery = e.getMessage().contains("query-status");
    assertTrue(duringAQuery || e.getMessage().contains("still paused"), e.getMessage());
    assertTrue(e.took().compareTo(SHORT) >= 0, e.getMessage());
  }

  @Test
  void contFailsIfQemuDiesDuringTheTakeover() throws Exception {
    try (FakeQemu qemu =
            FakeQemu.onTcp(
                connection -> {
                  connection.negotiate();
                  connection.answer(connection.command(), any -> status("paused"));
                  connection.command();
                });
        QmpClient client = QmpClient.connect(qemu.address())) {
      TakeoverException e =
          assertThrows(TakeoverException.class, () -> new ContAction().run(client, LONG));
      assertEquals(
          Fault.ENDED, assertInstanceOf(QmpConnectionException.class, e.getCause()).fault());
      assertEquals("cont", e.steps().get(1).name());
      assertEquals(1, qemu.count("cont"));
    }
  }

  @Test
  void theSecondaryLeavesColoOnce() throws Exception {
    try (FakeQemu qemu = FakeQemu.answering(coloMachine("secondary"));
        QmpClient client = QmpClient.connect(qemu.address())) {
      FailoverAction action = new ColoSecondaryAction();
      assertFalse(action.run(client, LONG).alreadyDone());
      assertTrue(action.run(client, LONG).alreadyDone());
      assertEquals(1, qemu.count("nbd-server-stop"));
      assertEquals(1, qemu.count("x-colo-lost-heartbeat"));
    }
  }

  @Test
  void theSecondaryAcceptsThatAnotherClientSentTheCommand() throws Exception {
    FakeQemu.Answers machine = coloMachine("secondary");
    try (FakeQemu qemu =
            FakeQemu.answering(
                command -> {
                  if (name(command).equals("nbd-server-stop")) {
                    machine.to(LOST_HEARTBEAT);
                  }
                  return machine.to(command);
                });
        QmpClient client = QmpClient.connect(qemu.address())) {
      Takeover takeover = new ColoSecondaryAction().run(client, LONG);
      assertEquals(Outcome.REFUSED, takeover.steps().get(2).outcome());
    }
  }

  @Test
  void thePrimaryRemovesInOrder() throws Exception {
    try (FakeQemu qemu =
            FakeQemu.answering(
                command -> {
                  String name = name(command);
                  return name.startsWith("query") || name.startsWith("x-colo")
                      ? primary.to(command)
                      : success("{}");
                });
        QmpClient client = QmpClient.connect(qemu.address())) {
      FailoverAction action =
          ColoPrimaryAction.builder()
              .deleteObject("comp0")
              .deleteBlockNode("replication0")
              .removeChild("disk", "children.1")
              .yankBlockNode("nbd0")
              .build();
      action.run(client, LONG);
      assertEquals(
          List.of(
              "query-colo-status",
              "query-yank",
              "yank",
              "x-blockdev-change",
              "blockdev-del",
              "object-del",
              "x-colo-lost-heartbeat"),
          names(qemu.commands()).subList(0, 7));
      JsonNode yank = qemu.commands().get(2);
      assertEquals("yank", yank.path("exec-oob").asText());
      assertEquals("nbd0", yank.at("/arguments/instances/0/node-name").asText());
      JsonNode change = qemu.commands().get(3).get("arguments");
      assertEquals("disk", change.get("parent").asText());
      assertEquals("children.1", change.get("child").asText());
    }
  }

  @Test
  void thePrimaryGoesOnAfterARefusedRemoval() throws Exception {
    try (FakeQemu qemu =
            FakeQemu.answering(
                command ->
                    name(command).equals("object-del")
                        ? error("GenericError", "object 'comp0' is in use, can not be deleted")
                        : primary.to(command));
        QmpClient client = QmpClient.connect(qemu.address())) {
      FailoverAction action = ColoPrimaryAction.builder().deleteObject("comp0").build();
      TakeoverStep step = action.run(client, LONG).steps().get(2);
      assertEquals(Outcome.REFUSED, step.outcome());
      assertEquals(
          "comp0: GenericError: object 'comp0' is in use, can not be deleted", step.detail());
    }
  }

  @Test
  void thePrimaryReportsWhyQemuRefused() throws Exception {
    TakeoverException e =
        failure(
            ColoPrimaryAction.defaults(),
            command ->
                name(command).equals("query-colo-status")
                    ? colo("primary", "none", "none")
                    : error("GenericError", "not today"),
            LONG);
    assertEquals("not today", assertInstanceOf(QmpException.class, e.getCause()).description());
  }

  @ParameterizedTest
  @ValueSource(strings = {"primary", "none"})
  void theSecondarysActionRefusesAMachineThatIsNoSecondary(String mode) throws Exception {
    TakeoverException e =
        failure(new ColoSecondaryAction(), command -> colo(mode, "none", "none"), LONG);
    assertTrue(e.getMessage().contains("is no COLO secondary: mode " + mode), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "9, 2, false",
    "10, 0, true",
    "10, 1, true",
    "10, 2, false",
    "11, 0, false",
  })
  void knowsTheVersionsInWhichColoIsBroken(int major, int minor, boolean broken) {
    QmpGreeting qemu = new QmpGreeting(major, minor, 3, "", Set.of());
    assertEquals(broken, ColoPrimaryAction.defaults().knownDefect(qemu).isPresent());
    assertEquals(broken, new ColoSecondaryAction().knownDefect(qemu).isPresent());
    assertEquals(Optional.empty(), new ContAction().knownDefect(qemu));
  }

  @Test
  void namesTheWrongArgument() {
    QmpExecutor unused =
        (command, timeout) -> {
          throw new AssertionError(command);
        };
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> new ContAction().run(unused, Duration.ZERO));
    assertTrue(e.getMessage().startsWith("limit: PT0S, must be between"), e.getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> ColoPrimaryAction.builder().deleteObject(" "));
    assertThrows(
        IllegalArgumentException.class, () -> ColoPrimaryAction.builder().yankChardev(" "));
  }
}
