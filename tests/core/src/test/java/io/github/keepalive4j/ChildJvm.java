package io.github.keepalive4j;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A program of these tests in a process of its own, spoken to by lines. */
final class ChildJvm implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;
  private final PrintStream input;

  private ChildJvm(Process process) {
    this.process = process;
    output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    input = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
  }

  static ChildJvm start(Class<?> mainClass, String... jvmArguments) throws IOException {
    return start(List.of(), mainClass, jvmArguments);
  }

  /** Starts a class of the tests' class path; the prefix is a command that starts another. */
  static ChildJvm start(List<String> prefix, Class<?> mainClass, String... jvmArguments)
      throws IOException {
    return start(Path.of(System.getProperty("java.home")), prefix, mainClass, jvmArguments);
  }

  /** Starts a class on another JDK. */
  static ChildJvm start(Path jdk, List<String> prefix, Class<?> mainClass, String... jvmArguments)
      throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(jdk.resolve("bin/java").toString());
    command.addAll(List.of(jvmArguments));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass.getName()));
    return new ChildJvm(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  String readLine() throws Exception {
    return readLine(Eventually.DEADLINE);
  }

  String readLine(Duration limit) throws Exception {
    return Background.start(output::readLine).get(limit);
  }

  /** Says a line and returns the answer. */
  String ask(String line) throws Exception {
    input.println(line);
    return readLine();
  }

  /** SIGKILL. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
    input.close();
  }
}
