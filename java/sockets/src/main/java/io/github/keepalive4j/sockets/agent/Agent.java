package io.github.keepalive4j.sockets.agent;

import java.util.List;
import java.util.Locale;

/**
 * The methods that the JVM calls. An agent that can't start says why on the standard error, in one
 * line. What is running already then goes on.
 */
public final class Agent {
  /** The system property that holds the rules where the agent has no argument. */
  private static final String RULES = "keepalive4j.sockets";

  /** The system property for who prefers a JVM that doesn't start to one without the agent. */
  private static final String REQUIRED = "keepalive4j.sockets.required";

  /** Of rules that name a network. */
  private static final String NETWORK = "to=";

  /** Instead of rules: ends what is running. */
  private static final String OFF = "off";

  private static AutoCloseable running = () -> {}; // guarded by the class

  private Agent() {}

  /**
   * Called before the application's main class.
   *
   * @param argument what stands behind {@code -javaagent:JAR=}, or null
   * @throws Throwable what keeps the agent from its start, if it is required; this ends the JVM
   */
  public static void premain(String argument) throws Throwable {
    boolean required = isRequired();
    try {
      checkRequired();
      start(rules(argument), !required);
    } catch (Throwable e) {
      Complaint.print(e, required ? "the JVM ends" : "the JVM goes on without the agent");
      if (required) {
        throw e;
      }
    }
  }

  /**
   * Called in a running JVM, on the thread that serves those who attach.
   *
   * @param argument the rules, or null
   * @throws Throwable what keeps the agent from its start, for who attached; the JVM goes on
   */
  public static void agentmain(String argument) throws Throwable {
    try {
      start(rules(argument), false);
    } catch (Throwable e) {
      Complaint.print(e, "the JVM goes on as before");
      throw e;
    }
  }

  /** An unreadable wish counts as one, because a JVM that doesn't start is noticed. */
  private static boolean isRequired() {
    try {
      String value = System.getProperty(REQUIRED);
      return value != null && !value.equalsIgnoreCase("false");
    } catch (SecurityException e) {
      return false; // checkRequired tells, and the application is to run
    }
  }

  private static void checkRequired() {
    String value = System.getProperty(REQUIRED, "");
    if (!List.of("", "true", "false").contains(value.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException(REQUIRED + " \"" + value + "\" is neither true nor false");
    }
  }

  private static String rules(String argument) {
    String rules = argument == null || argument.isBlank() ? System.getProperty(RULES) : argument;
    if (rules == null || rules.isBlank()) {
      throw new IllegalArgumentException(
          "there are no rules, such as within=30s, behind the agent's jar or in -D" + RULES);
    }
    return rules;
  }

  private static void start(String rules, boolean later) throws Throwable {
    if (rules.equals(OFF)) {
      replace(() -> {});
      return;
    }
    Inside inside = Inside.load();
    NetworkProperties properties = new NetworkProperties();
    inside.check(rules);
    replace(later ? Deferred.start(opening(inside, rules, properties)) : inside.open(rules));
  }

  private static Deferred.Start opening(Inside inside, String rules, NetworkProperties properties) {
    return again -> {
      if (!again && rules.contains(NETWORK)) {
        properties.warnOfChanges();
      }
      return (again ? Inside.load() : inside).open(rules);
    };
  }

  /** The new one has started before the old one ends, so that no socket is without rules. */
  private static synchronized void replace(AutoCloseable started) throws Exception {
    AutoCloseable replaced = running;
    running = started;
    replaced.close();
  }
}
