package io.github.keepalive4j.bench.measure;

import java.util.ArrayList;
import java.util.List;

/** A JVM with this one's class path, for a subject that has to be alone in its process. */
final class ChildJvm {
  private ChildJvm() {}

  /** Prepares a JVM whose errors go where this one's go. */
  static ProcessBuilder of(List<String> options, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
  }
}
