package io.github.keepalive4j.soak.idle;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

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

  List<String> serve(String address) {
    return List.of("serve", "--bind", address, "--port", Integer.toString(PORT), "--json");
  }

  List<String> watch(String address, String command) {
    List<String> arguments = new ArrayList<>(List.of("watch", address + ":" + PORT, "--json"));
    arguments.addAll(List.of("--detect-within", within, "--on-failover", command));
    arguments.addAll(more);
    return arguments;
  }

  /** Returns how long a link is left alone, drawn uniformly. */
  long age(Random random) {
    return youngestMs + (long) (random.nextDouble() * (oldestMs - youngestMs + 1));
  }
}
