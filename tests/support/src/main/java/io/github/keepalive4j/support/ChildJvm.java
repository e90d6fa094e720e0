package io.github.keepalive4j.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A program on this class path in a process of its own. A test speaks to it by lines. */
public final class ChildJvm implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60); // a busy machine starts it slowly

  private final Process process;
  private final BufferedReader output;
  private final PrintStream input;

  private ChildJvm(Process process) {
    this.process = process;
    output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    input = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
  }

  /** Starts a program. */
  public static ChildJvm start(Class<?> main, String... jvmOptions) throws IOException {
    return start(List.of(), main, jvmOptions);
  }

  /** Starts a program by a command that starts another. */
  public static ChildJvm start(List<String> prefix, Class<?> main, String... jvmOptions)
      throws IOException {
    return start(Jdk.home(), prefix, main, jvmOptions);
  }

  /** Starts a program on another JDK. */
  public static ChildJvm start(Path jdk, List<String> prefix, Class<?> main, String... jvmOptions)
      throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(JavaCommand.of(jdk, List.of(jvmOptions), main));
    return new ChildJvm(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  public String readLine() throws Exception {
    return readLine(LIMIT);
  }

  public String readLine(Duration limit) throws Exception {
    return Background.start(output::readLine).get(limit);
  }

  /** Returns the processes that this one has started, and theirs. */
  public Stream<ProcessHandle> descendants() {
    return process.descendants();
  }

  /** Says a line. */
  public void say(String line) {
    input.println(line);
  }

  /** Says a line and returns the answer. */
  public String ask(String line) throws Exception {
    say(line);
    return readLine();
  }

  /** Waits for the program's end and returns its exit status. */
  public int awaitExit() throws Exception {
    return Background.start(process::waitFor).get(LIMIT);
  }

  /** SIGKILL. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
    input.close();
  }
}
