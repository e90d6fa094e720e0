package io.github.keepalive4j.examples;

import io.github.keepalive4j.support.Jdk;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A JDK, and whether the examples are on its class path or its module path. */
record Setting(int release, boolean modules) {
  private static final String MODULE = "com.example.standby";
  private static final String CLASS_PATH = System.getProperty("java.class.path");
  private static final Pattern MODULES =
      Pattern.compile(
          "/classes$|/(keepalive4j(?!-tests)|jna|junit|opentest4j|micrometer|jackson)[^/]*\\.jar$");
  private static final int NATIVE_ACCESS_IS_WARNED_OF = 24;

  static Stream<Setting> all() {
    return Stream.of(17, 25)
        .flatMap(release -> Stream.of(new Setting(release, false), new Setting(release, true)));
  }

  /** Returns the command that runs a program of the examples. */
  List<String> program(String name, String... arguments) throws IOException {
    List<String> command = java();
    String main = MODULE + "." + name;
    command.addAll(modules ? List.of("-m", MODULE + "/" + main) : List.of(main));
    command.addAll(List.of(arguments));
    return command;
  }

  /** Returns the command that runs test classes of the examples. */
  List<String> tests(String... names) throws IOException {
    List<String> command = java();
    if (modules) {
      command.add(
          "--add-modules=" + MODULE + ",org.junit.jupiter.engine,org.junit.platform.launcher");
    }
    command.add(TestRun.class.getName());
    Stream.of(names).map(name -> MODULE + "." + name).forEach(command::add);
    return command;
  }

  private List<String> java() throws IOException {
    List<String> command = new ArrayList<>(List.of(Jdk.java(release)));
    if (release >= NATIVE_ACCESS_IS_WARNED_OF) {
      command.add("--enable-native-access=" + (modules ? "com.sun.jna" : "ALL-UNNAMED"));
    }
    if (modules) {
      command.addAll(List.of("-p", paths(Setting::isModule)));
    }
    command.addAll(List.of("-cp", paths(path -> !modules || !isModule(path))));
    return command;
  }

  private static boolean isModule(String path) {
    return MODULES.matcher(path).find();
  }

  private static String paths(Predicate<String> wanted) {
    return String.join(
        File.pathSeparator,
        Stream.of(CLASS_PATH.split(File.pathSeparator)).filter(wanted).toList());
  }

  @Override
  public String toString() {
    return "JDK " + release + ", " + (modules ? "module path" : "class path");
  }
}
