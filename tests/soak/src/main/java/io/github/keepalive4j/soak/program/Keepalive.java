package io.github.keepalive4j.soak.program;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The shipped command.
 *
 * @param jar {@code keepalive.jar}
 * @param realtime whether it runs with {@code --realtime}
 */
public record Keepalive(Path jar, boolean realtime) {
  /** Returns the command that starts it with these arguments, of which the first is its name. */
  public String[] command(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(List.of("-jar", jar.toAbsolutePath().toString()));
    command.addAll(arguments);
    if (realtime) {
      command.add("--realtime");
    }
    return command.toArray(String[]::new);
  }
}
