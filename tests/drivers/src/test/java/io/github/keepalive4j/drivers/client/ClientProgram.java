package io.github.keepalive4j.drivers.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * Has two conversations with each driver, each on a thread of its own. One asks in vain when it
 * reads {@code WAITING}, the other sends when it reads {@code SENDING}. Its arguments are the
 * servers' address, the rules of the socket factory or nothing, and the drivers.
 */
public final class ClientProgram {
  private static final Map<State, CountDownLatch> STARTS =
      Map.of(State.WAITING, new CountDownLatch(1), State.SENDING, new CountDownLatch(1));

  /** What drivers write themselves goes elsewhere. */
  private static final PrintStream OUT = System.out;

  private ClientProgram() {}

  public static void main(String[] arguments) throws IOException {
    System.setOut(System.err);
    Settings settings =
        new Settings(arguments[0], Optional.of(arguments[1]).filter(rules -> !rules.isEmpty()));
    Arrays.stream(arguments)
        .skip(2)
        .map(Driver::valueOf)
        .forEach(
            driver -> {
              for (State state : State.values()) {
                new Thread(() -> converse(driver, state, settings), driver + " " + state).start();
              }
            });
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      STARTS.get(State.valueOf(line)).countDown();
    }
    System.exit(0);
  }

  private static void converse(Driver driver, State state, Settings settings) {
    Conversation conversation = connect(driver, settings);
    say("connected", driver, state, "");
    awaitStart(state);
    say("begins", driver, state, "");
    long sinceNs = System.nanoTime();
    String end = "was answered";
    try {
      if (state == State.WAITING) {
        conversation.askInVain();
      } else {
        conversation.send();
      }
    } catch (Exception e) {
      end = describe(e);
    }
    say("ended", driver, state, " " + sinceNs + " " + System.nanoTime() + " " + end);
  }

  private static Conversation connect(Driver driver, Settings settings) {
    try {
      Conversation conversation = driver.connect(settings);
      conversation.ask();
      return conversation;
    } catch (Exception | LinkageError e) {
      e.printStackTrace();
      System.exit(1);
      throw new IllegalStateException(e);
    }
  }

  private static void awaitStart(State state) {
    try {
      STARTS.get(state).await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String describe(Throwable error) {
    StringBuilder text = new StringBuilder();
    for (Throwable at = error; at != null; at = at.getCause()) {
      text.append(text.isEmpty() ? "" : ", because of ").append(at);
    }
    return text.toString().replace('\n', ' ');
  }

  private static void say(String what, Driver driver, State state, String more) {
    OUT.println(what + " " + driver + " " + state + more);
  }
}
