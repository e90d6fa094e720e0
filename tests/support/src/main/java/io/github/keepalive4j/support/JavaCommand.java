package io.github.keepalive4j.support;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Commands that start a class of this class path in a JVM of its own. */
public final class JavaCommand {
  private JavaCommand() {}

  /** Returns the command for the JDK that runs this. */
  public static List<String> of(Class<?> main, String... arguments) {
    return of(List.of(), main, arguments);
  }

  /** Returns the command for the JDK that runs this, with options for the JVM. */
  public static List<String> of(List<String> jvmOptions, Class<?> main, String... arguments) {
    return of(Jdk.home(), jvmOptions, main, arguments);
  }

  /** Returns the command for another JDK. */
  public static List<String> of(
      Path jdk, List<String> jvmOptions, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>(List.of(Jdk.javaOf(jdk)));
    command.addAll(jvmOptions);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }
}
