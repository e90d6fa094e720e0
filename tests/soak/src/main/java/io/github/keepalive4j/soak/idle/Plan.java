package io.github.keepalive4j.soak.idle;

import io.github.keepalive4j.soak.program.Keepalive;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a run does.
 *
 * @param keepalive the command
 * @param end how the sources end
 * @param budgets the budgets, as {@code --detect-within} takes them
 * @param youngestMs the shortest time for which a link is left alone
 * @param oldestMs the longest one
 * @param more further options of {@code watch}
 */
record Plan(
    Keepalive keepalive,
    End end,
    List<String> budgets,
    long youngestMs,
    long oldestMs,
    List<String> more) {
  private static final int PORT = 9999;
  private static final Pattern DURATION = Pattern.compile("(\\d{1,6})(ms|s)");

  String[] serve(String address, Path pidFile) {
    List<String> arguments = new ArrayList<>(List.of("serve", "--json", "--bind", address));
    arguments.addAll(List.of("--port", Integer.toString(PORT)));
    if (end == End.WORKLOAD) {
      arguments.addAll(List.of("--pid-file", pidFile.toString()));
    }
    return keepalive.command(arguments);
  }

  String[] watch(String address, String budget, String command) {
    List<String> arguments = new ArrayList<>(List.of("watch", address + ":" + PORT, "--json"));
    arguments.addAll(List.of("--detect-within", budget, "--on-failover", command));
    if (end == End.CARRIER) {
      arguments.add("--fail-without-carrier");
    }
    arguments.addAll(more);
    return keepalive.command(arguments);
  }

  /**
   * Returns a budget's time.
   *
   * @throws IllegalArgumentException if it isn't a number of ms or s
   */
  static Duration time(String budget) {
    Matcher matcher = DURATION.matcher(budget);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("--within " + budget + " is not like 30ms or 1s");
    }
    long number = Long.parseLong(matcher.group(1));
    return matcher.group(2).equals("s") ? Duration.ofSeconds(number) : Duration.ofMillis(number);
  }

  /** Returns the budgets, each so many times, in turn. Each pair begins with another one. */
  Queue<String> turns(int times, int pair) {
    List<String> round = new ArrayList<>(budgets);
    Collections.rotate(round, -pair);
    Queue<String> turns = new ArrayDeque<>();
    for (int time = 0; time < times; time++) {
      turns.addAll(round);
    }
    return turns;
  }

  /** Returns how long a link is left alone, drawn uniformly. */
  long age(Random random) {
    return youngestMs + (long) (random.nextDouble() * (oldestMs - youngestMs + 1));
  }
}
