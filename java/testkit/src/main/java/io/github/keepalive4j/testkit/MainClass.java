package io.github.keepalive4j.testkit;

import java.util.ArrayList;
import java.util.List;

/** How another JVM finds a class that this JVM has loaded. */
final class MainClass {
  private MainClass() {}

  /** Returns the arguments of {@code java} that run a class from where this JVM has it. */
  static List<String> arguments(Class<?> main) {
    Module module = main.getModule();
    List<String> arguments = new ArrayList<>();
    addIfSet(arguments, "-cp", "java.class.path");
    if (module.isNamed()) {
      addIfSet(arguments, "-p", "jdk.module.path");
      arguments.addAll(List.of("-m", module.getName() + "/" + main.getName()));
    } else {
      arguments.add(main.getName());
    }
    return arguments;
  }

  private static void addIfSet(List<String> arguments, String option, String property) {
    String value = System.getProperty(property, "");
    if (!value.isEmpty()) {
      arguments.addAll(List.of(option, value));
    }
  }
}
