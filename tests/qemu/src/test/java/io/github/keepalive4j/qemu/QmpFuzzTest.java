package io.github.keepalive4j.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Sends three commands at once to a server whose answers are cut, mixed up, repeated, enlarged or
 * corrupted. Each command must end in time with its own answer, its own error, or a fault.
 */
@Timeout(120)
class QmpFuzzTest {

  private static final long SEED = 20_261_123;
  private static final int CASES = 2_000;
  private static final int COMMANDS = 3;
  private static final int MAX_REPLY_BYTES = 2_048;
  private static final Set<Harm> HARMLESS = EnumSet.range(Harm.NONE, Harm.PRETTY);
  private static final Duration LONG_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration SHORT_TIMEOUT = Duration.ofMillis(25);
  private static final Duration SLACK = Duration.ofSeconds(10);

  /**
   * Tokens and ids of commands and answers. The fuzz does not change them, so a mixed-up answer is
   * noticed.
   */
  private static final Pattern MARKED = Pattern.compile("token-\\d+|\"[0-9a-z]+-\\d+\"");

  /** What is done to the answers of one case. */
  private enum Harm {
    NONE,
    SHUFFLED,
    DOUBLED,
    WITH_EVENTS,
    STRANGE_IDS,
    ERRORS,
    PRETTY,
    CUT_AND_CLOSED,
    CUT_AND_SILENT,
    BYTES_CHANGED,
    BYTES_INSERTED,
    BYTES_REMOVED,
    OVERSIZED,
    GARBAGE,
    GREETING_CHANGED;

    boolean isHarmless() {
      return HARMLESS.contains(this);
    }
  }

  private enum End {
    ANSWER,
    ERROR,
    FAULT
  }

  @Test
  void everyCommandEndsWithItsOwnAnswerOrATypedError() throws Exception {
    Map<Harm, Map<End, Integer>> ends = new EnumMap<>(Harm.class);
    ExecutorService pool = Executors.newFixedThreadPool(COMMANDS);
    Random random = new Random(SEED);
    AtomicReference<Case> current = new AtomicReference<>();
    try (FakeQemu server = FakeQemu.onTcp(connection -> current.get().serve(connection))) {
      for (int i = 0; i < CASES; i++) {
        Harm harm = Harm.values()[i % Harm.values().length];
        Case next = new Case(i, harm, new Random(random.nextLong()));
        current.set(next);
        for (End end : next.run(server, pool)) {
          ends.computeIfAbsent(harm, any -> new EnumMap<>(End.class)).merge(end, 1, Integer::sum);
        }
      }
    } finally {
      pool.shutdownNow();
    }
    ends.forEach((harm, counts) -> System.out.println(harm + ": " + counts));
  }

  private static final class Case {

    private final int number;
    private final Harm harm;
    private final Random random;
    private final Duration timeout;

    private Case(int number, Harm harm, Random random) {
      this.number = number;
      this.harm = harm;
      this.random = random;
      this.timeout = harm == Harm.CUT_AND_SILENT ? SHORT_TIMEOUT : LONG_TIMEOUT;
    }

    private List<End> run(FakeQemu server, ExecutorService pool) throws Exception {
      QmpOptions options =
          QmpOptions.builder()
              .connectTimeout(LONG_TIMEOUT)
              .commandTimeout(timeout)
              .maxReplyBytes(MAX_REPLY_BYTES)
              .build();
      try (QmpClient client = QmpClient.connect(server.address(), options, QmpListener.NONE)) {
        List<Callable<End>> calls = new ArrayList<>();
        for (int i = 0; i < COMMANDS; i++) {
          String token = "token-" + (number * COMMANDS + i);
          calls.add(() -> call(client, token));
        }
        List<End> ends = new ArrayList<>();
        for (Future<End> end : pool.invokeAll(calls)) {
          ends.add(end.get());
        }
        return ends;
      } catch (QmpConnectionException | QmpException e) {
        assertEquals(Harm.GREETING_CHANGED, harm, () -> describe("could not connect: " + e));
        return List.of(End.FAULT);
      } catch (ExecutionException e) {
        throw new AssertionError(describe("an error without a type"), e);
      }
    }

    private End call(QmpClient client, String token) throws Exception {
      long beganNs = System.nanoTime();
      try {
        QmpValue answer = client.execute(QmpCommand.of("echo").with("token", token));
        assertOwn(token, answer.toString());
        return End.ANSWER;
      } catch (QmpException e) {
        assertOwn(token, e.description());
        return End.ERROR;
      } catch (QmpConnectionException e) {
        assertTrue(!harm.isHarmless(), () -> describe("fault: " + e));
        return End.FAULT;
      } finally {
        long tookNs = System.nanoTime() - beganNs;
        if (tookNs > timeout.plus(SLACK).toNanos()) {
          fail(describe("took " + tookNs + " ns"));
        }
      }
    }

    private void assertOwn(String token, String answer) {
      Matcher tokens = Pattern.compile("token-\\d+").matcher(answer);
      while (tokens.find()) {
        assertEquals(token, tokens.group(), () -> describe("a wrong answer: " + answer));
      }
      if (harm.isHarmless()) {
        assertTrue(answer.contains(token), () -> describe("no token: " + answer));
      }
    }

    private String describe(String what) {
      return "case " + number + ", " + harm + ": " + what;
    }

    private void serve(FakeQemu.Connection connection) throws IOException {
      if (harm == Harm.GREETING_CHANGED) {
        sendInPieces(connection, changed(FakeQemu.GREETING));
        return;
      }
      connection.negotiate();
      List<String> replies = new ArrayList<>();
      for (int i = 0; i < COMMANDS; i++) {
        replies.add(reply(connection.command()));
      }
      sendInPieces(connection, harmed(replies));
      if (harm == Harm.CUT_AND_SILENT) {
        connection.fallSilent();
      }
    }

    private String reply(JsonNode command) {
      String token = command.at("/arguments/token").asText();
      String result =
          harm == Harm.ERRORS && random.nextBoolean()
              ? "\"error\": {\"class\": \"GenericError\", \"desc\": \"no " + token + "\"}"
              : "\"return\": {\"token\": \"" + token + "\"}";
      String id = "\"id\": " + command.get("id");
      return "{" + (random.nextBoolean() ? result + ", " + id : id + ", " + result) + "}\r\n";
    }

    private String harmed(List<String> replies) {
      return switch (harm) {
        case NONE, ERRORS, GREETING_CHANGED -> String.join("", replies);
        case SHUFFLED -> {
          Collections.shuffle(replies, random);
          yield String.join("", replies);
        }
        case DOUBLED -> replies.get(random.nextInt(COMMANDS)) + String.join("", replies);
        case WITH_EVENTS ->
            String.join("{\"event\": \"STOP\", \"data\": {\"token\": \"token-0\"}}\r\n", replies);
        case STRANGE_IDS ->
            String.join("{\"return\": {\"token\": \"token-0\"}, \"id\": \"x\"}\r\n", replies);
        case PRETTY -> String.join("", replies).replace(", ", ",\r\n    ").replace("{", "{\r\n");
        case CUT_AND_CLOSED, CUT_AND_SILENT -> cut(String.join("", replies));
        case BYTES_CHANGED -> changed(String.join("", replies));
        case BYTES_INSERTED -> inserted(String.join("", replies), structure());
        case BYTES_REMOVED -> removed(String.join("", replies));
        case OVERSIZED ->
            inserted(String.join("", replies), "\"" + "y".repeat(MAX_REPLY_BYTES) + "\"");
        case GARBAGE -> inserted(String.join("", replies), garbage());
      };
    }

    private String cut(String text) {
      return text.substring(0, random.nextInt(text.length()));
    }

    private String changed(String text) {
      int at = place(text);
      return text.substring(0, at) + (char) random.nextInt(256) + text.substring(at + 1);
    }

    private String inserted(String text, String what) {
      int at = place(text);
      return text.substring(0, at) + what + text.substring(at);
    }

    private String removed(String text) {
      int at = place(text);
      return text.substring(0, at) + text.substring(at + 1);
    }

    private String structure() {
      String characters = "{}[]\",:\\\r\n\u0000";
      return Character.toString(characters.charAt(random.nextInt(characters.length())));
    }

    private String garbage() {
      byte[] bytes = new byte[1 + random.nextInt(64)];
      random.nextBytes(bytes);
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Returns a random place outside of tokens and ids. */
    private int place(String text) {
      while (true) {
        int at = random.nextInt(text.length());
        Matcher marked = MARKED.matcher(text);
        boolean free = true;
        while (marked.find()) {
          free &= at < marked.start() || at > marked.end();
        }
        if (free) {
          return at;
        }
      }
    }

    private void sendInPieces(FakeQemu.Connection connection, String text) throws IOException {
      byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
      int from = 0;
      while (from < bytes.length) {
        int to = Math.min(bytes.length, from + 1 + random.nextInt(200));
        connection.send(bytes, from, to);
        from = to;
      }
    }
  }
}
