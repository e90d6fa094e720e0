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
import io.github.keepalive4j.qemu.QmpConnectionException.Fault;
import io.github.keepalive4j.support.Eventually;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class QmpClientTest {

  private static final Duration LONG_TIMEOUT = Duration.ofSeconds(10);
  private static final QmpOptions OPTIONS =
      QmpOptions.builder()
          .connectTimeout(LONG_TIMEOUT)
          .commandTimeout(LONG_TIMEOUT)
          .maxReplyBytes(4096)
          .build();

  private static QmpClient connect(FakeQemu qemu) throws Exception {
    return QmpClient.connect(qemu.address(), OPTIONS, QmpListener.NONE);
  }

  @Test
  void greetsNegotiatesAndExecutes() throws Exception {
    try (FakeQemu qemu = FakeQemu.answering(command -> success("{\"running\": true}"));
        QmpClient client = QmpClient.connect(qemu.address())) {
      assertEquals("7.2.3", client.greeting().version());
      assertEquals("fake", client.greeting().vendorPackage());
      assertEquals(Set.of("oob"), client.greeting().capabilities());
      assertTrue(client.execute("query-status").path("running").asBoolean(false));
      assertEquals("query-status", name(qemu.commands().get(0)));
      assertFalse(qemu.commands().get(0).has("arguments"));
      assertTrue(client.isOpen());
    }
  }

  @Test
  void worksOnUnixSockets(@TempDir Path directory) throws Exception {
    Path path = directory.resolve("qmp");
    try (FakeQemu qemu =
            FakeQemu.onUnix(
                path,
                connection -> {
                  connection.negotiate();
                  connection.answer(connection.command(), any -> success("17"));
                  connection.fallSilent();
                });
        QmpClient client = QmpClient.connect(qemu.address())) {
      assertEquals(17, (int) client.execute("query").asLong(-1));
    }
  }

  @Test
  void readsRepliesInPrettyForm() throws Exception {
    try (FakeQemu qemu =
            FakeQemu.answering(
                command ->
                    "{\r\n    \"id\": $ID,\r\n    \"return\": {\r\n  \"a\": \"}\"\r\n}}\r\n");
        QmpClient client = connect(qemu)) {
      assertEquals("}", client.execute("query").path("a").asText());
    }
  }

  @Test
  void sendsArguments() throws Exception {
    try (FakeQemu qemu = FakeQemu.answering(command -> success("{}"));
        QmpClient client = connect(qemu)) {
      client.execute(
          QmpCommand.of("do").with("text", "\"\\\n\u00e4").with("number", 7).with("flag", true));
      JsonNode arguments = qemu.commands().get(0).get("arguments");
      assertEquals("\"\\\n\u00e4", arguments.get("text").textValue());
      assertEquals(7, arguments.get("number").intValue());
      assertTrue(arguments.get("flag").booleanValue());
    }
  }

  @Test
  void executesOutOfBandIfOffered() throws Exception {
    try (FakeQemu qemu = FakeQemu.answering(command -> success("{}"));
        QmpClient client = connect(qemu)) {
      client.execute(QmpCommand.of("yank").outOfBand());
      assertEquals("yank", qemu.commands().get(0).path("exec-oob").asText());
    }
  }

  @Test
  void executesInTurnIfOutOfBandIsNotOffered() throws Exception {
    try (FakeQemu qemu =
            FakeQemu.onTcp(
                connection -> {
                  connection.send(FakeQemu.GREETING.replace("\"oob\"", ""));
                  connection.answer(connection.command(), any -> success("{}"));
                  connection.answer(connection.command(), any -> success("{}"));
                });
        QmpClient client = connect(qemu)) {
      client.execute(QmpCommand.of("yank").outOfBand());
      assertFalse(qemu.commands().get(0).has("arguments"));
      assertEquals("yank", qemu.commands().get(1).path("execute").asText());
    }
  }

  @Test
  void reportsTheClassAndDescriptionOfQemusError() throws Exception {
    try (FakeQemu qemu = FakeQemu.answering(command -> error("GenericError", "no such thing"));
        QmpClient client = connect(qemu)) {
      QmpException e = assertThrows(QmpException.class, () -> client.execute("cont"));
      assertEquals("cont", e.command());
      assertEquals("GenericError", e.errorClass());
      assertEquals("no such thing", e.description());
      assertTrue(client.isOpen());
    }
  }

  @Test
  void givesEachThreadItsOwnAnswer() throws Exception {
    int threads = 8;
    int rounds = 50;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try (FakeQemu qemu =
            FakeQemu.onTcp(
                connection -> {
                  connection.negotiate();
                  while (true) {
                    answerInAnyOrder(connection, threads);
                  }
                });
        QmpClient client = connect(qemu)) {
      for (int round = 0; round < rounds; round++) {
        List<Future<Integer>> answers = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
          QmpCommand command = QmpCommand.of("echo").with("value", round * threads + thread);
          answers.add(pool.submit(() -> (int) client.execute(command).asLong(-1)));
        }
        for (int thread = 0; thread < threads; thread++) {
          assertEquals(round * threads + thread, answers.get(thread).get());
        }
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private static void answerInAnyOrder(FakeQemu.Connection connection, int count)
      throws IOException {
    List<JsonNode> commands = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      commands.add(connection.command());
    }
    Collections.shuffle(commands);
    for (JsonNode command : commands) {
      connection.answer(command, any -> success(any.at("/arguments/value").toString()));
    }
  }

  @Test
  void callsTheListenerInOrder() throws Exception {
    BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
    BlockingQueue<Throwable> uncaught = new LinkedBlockingQueue<>();
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, e) -> uncaught.add(e));
    QmpListener listener =
        new QmpListener() {
          @Override
          public void onConnected(QmpGreeting greeting) {
            heard.add(greeting.version());
          }

          @Override
          public void onEvent(QmpEvent event) {
            heard.add(event);
            if (event.name().equals("STOP")) {
              throw new IllegalStateException("a listener that fails hears on");
            }
          }

          @Override
          public void onDisconnected(QmpConnectionException cause) {
            heard.add(cause.fault());
          }
        };
    try (FakeQemu qemu =
            FakeQemu.onTcp(
                connection -> {
                  connection.negotiate();
                  connection.send(
                      "{\"event\": \"RESUME\", \"timestamp\": {\"seconds\": 7,"
                          + " \"microseconds\": 5}}\r\n");
                  connection.send("{\"event\": \"STOP\", \"timestamp\": {\"seconds\": -1}}\r\n");
                  connection.send("{\"event\": \"COLO_EXIT\", \"data\": {\"reason\": \"x\"}}\r\n");
                });
        QmpClient client = QmpClient.connect(qemu.address(), OPTIONS, listener)) {
      assertEquals("7.2.3", heard.poll(10, TimeUnit.SECONDS));
      QmpEvent resume = (QmpEvent) heard.poll(10, TimeUnit.SECONDS);
      assertEquals("RESUME", resume.name());
      assertEquals(Optional.of(Instant.ofEpochSecond(7, 5_000)), resume.timestamp());
      QmpEvent stop = (QmpEvent) heard.poll(10, TimeUnit.SECONDS);
      assertEquals(Optional.empty(), stop.timestamp());
      QmpEvent exit = (QmpEvent) heard.poll(10, TimeUnit.SECONDS);
      assertEquals("x", exit.data().path("reason").asText());
      assertEquals(Fault.ENDED, heard.poll(10, TimeUnit.SECONDS));
      assertTrue(client.awaitClosed(LONG_TIMEOUT));
      assertInstanceOf(IllegalStateException.class, uncaught.poll(10, TimeUnit.SECONDS));
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }

  @Test
  void letsAListenerExecuteCommands() throws Exception {
    CompletableFuture<QmpClient> self = new CompletableFuture<>();
    CompletableFuture<Integer> answer = new CompletableFuture<>();
    QmpListener listener =
        new QmpListener() {
          @Override
          public void onConnected(QmpGreeting greeting) {
            try {
              answer.complete((int) self.get().execute("query").asLong(-1));
            } catch (IOException | InterruptedException | ExecutionException e) {
              answer.completeExceptionally(e);
            }
          }
        };
    try (FakeQemu qemu = FakeQemu.answering(command -> success("3"));
        QmpClient client = QmpClient.connect(qemu.address(), OPTIONS, listener)) {
      self.complete(client);
      assertEquals(3, answer.get(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void dropsRepliesToCommandsOfAnotherConnection() throws Exception {
    try (FakeQemu qemu =
            FakeQemu.answering(
                command ->
                    "{\"return\": 1, \"id\": \"abc-1\"}\r\n"
                        + "{\"return\": 2, \"id\": 7}\r\n"
                        + success("3")
                        + success("4"));
        QmpClient client = connect(qemu)) {
      assertEquals(3, (int) client.execute("query").asLong(-1));
      assertEquals(3, (int) client.execute("query").asLong(-1));
      assertTrue(client.unknownReplies() >= 5, "dropped " + client.unknownReplies());
    }
  }

  @Test
  void keepsTheConnectionWhenACallerIsInterrupted() throws Exception {
    ExecutorService pool = Executors.newSingleThreadExecutor();
    CompletableFuture<Void> asked = new CompletableFuture<>();
    try (FakeQemu qemu =
            FakeQemu.onTcp(
                connection -> {
                  connection.negotiate();
                  JsonNode first = connection.command();
                  asked.complete(null);
                  JsonNode second = connection.command();
                  connection.answer(first, any -> success("1"));
                  connection.answer(second, any -> success("2"));
                  connection.fallSilent();
                });
        QmpClient client = connect(qemu)) {
      Future<QmpValue> first = pool.submit(() -> client.execute("first"));
      asked.get(10, TimeUnit.SECONDS);
      pool.shutdownNow();
      ExecutionException e =
          assertThrows(ExecutionException.class, () -> first.get(10, TimeUnit.SECONDS));
      assertInstanceOf(InterruptedException.class, e.getCause());
      assertEquals(2, (int) client.execute("second").asLong(-1));
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void doesNotConnectForAnInterruptedThread() throws Exception {
    try (FakeQemu qemu = FakeQemu.answering(command -> success("{}"))) {
      Thread.currentThread().interrupt();
      assertThrows(InterruptedException.class, () -> connect(qemu));
      assertFalse(Thread.interrupted());
      connect(qemu).close();
    }
  }

  @Test
  @SuppressWarnings("try") // closes by hand, twice
  void closeFailsPendingCommands() throws Exception {
    ExecutorService pool = Executors.newSingleThreadExecutor();
    try (FakeQemu qemu =
            FakeQemu.onTcp(
                connection -> {
                  connection.negotiate();
                  connection.fallSilent();
                });
        QmpClient client = connect(qemu)) {
      Future<QmpValue> answer = pool.submit(() -> client.execute("cont"));
      Eventually.await("the command has arrived", LONG_TIMEOUT, () -> qemu.count("cont") == 1);
      client.close();
      ExecutionException e =
          assertThrows(ExecutionException.class, () -> answer.get(10, TimeUnit.SECONDS));
      assertEquals(
          Fault.CLOSED, assertInstanceOf(QmpConnectionException.class, e.getCause()).fault());
      client.close();
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void namesTheWrongArgument() throws Exception {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> QmpOptions.builder().commandTimeout(Duration.ZERO));
    assertEquals("commandTimeout: PT0S, must be between PT0.001S and PT24H", e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> QmpOptions.builder().maxReplyBytes(1023));
    assertThrows(IllegalArgumentException.class, () -> QmpCommand.of(" "));
    assertThrows(IllegalArgumentException.class, () -> QmpCommand.of("a").with("", 1));
    assertThrows(
        IllegalArgumentException.class,
        () -> QmpSessionOptions.builder().backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)));
  }
}
