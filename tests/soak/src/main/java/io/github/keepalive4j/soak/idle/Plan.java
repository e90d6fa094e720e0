package io.github.keepalive4j.soak.idle;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a run does.
 *
 * @param jar the command, {@code keepalive.jar}
 * @param within the budget, as {@code --detect-within} takes it
 * @param youngestMs the shortest time for which a link is left alone
 * @param oldestMs the longest one
 * @param more further options of {@code watch}
 */
record Plan(Path jar, String within, long youngestMs, long oldestMs, List<String> more) {
  private static final int PORT = 9999;
  private static final Pattern DURATION = Pattern.compile("(\\d{1,6})(ms|s)");

  List<String> serve(String address) {
    return List.of("serve", "--bind", address, "--port", Integer.toString(PORT), "--json");
  }

  List<String> watch(String address, String command) {
    List<String> arguments = new ArrayList<>(List.of("watch", address + ":" + PORT, "--json"));
    arguments.addAll(List.of("--detect-within", within, "--on-failover", command));
    arguments.addAll(more);
    return arguments;
  }

  /**
   * Returns the budget.
   *
   * @throws IllegalArgumentException if it isn't a number of ms or s
   */
  Duration budget() {
    Matcher matcher = DURATION.matcher(within);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("--within " + within + " is not like 30ms or 1s");
    }
    long number = Long.parseLong(matcher.group(1));
    return matcher.group(2).equals("s") ? Duration.ofSeconds(number) : Duration.ofMillis(number);
  }

  /** Returns how long a link is left alone, drawn uniformly. */
  long age(Random random) {
    return youngestMs + (long) (random.nextDouble() * (oldestMs - youngestMs + 1));
  }
}
