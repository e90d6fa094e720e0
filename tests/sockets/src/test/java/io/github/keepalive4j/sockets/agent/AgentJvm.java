package io.github.keepalive4j.sockets.agent;

import io.github.keepalive4j.internal.sockets.Duplicate;
import io.github.keepalive4j.internal.sockets.SocketOptions;
import io.github.keepalive4j.internal.sockets.SocketTable;
import io.github.keepalive4j.internal.sockets.Sockets;
import io.github.keepalive4j.sockets.Sweepers;
import io.github.keepalive4j.support.Background;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.Jdk;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A JVM that runs {@link application.Program}. The test looks at its sockets from outside. */
final class AgentJvm implements AutoCloseable {
  static final String JAR = System.getProperty("agent.jar");

  /** JNA of another version than the one in the agent. */
  static final String OTHER_JNA = System.getProperty("other.jna");

  private static final Duration LIMIT = Duration.ofSeconds(60); // a busy machine starts it slowly
  private static final String PROGRAM = "application.Program";
  static final String CLASSES =
      Path.of(System.getProperty("basedir", "."), "target/test-classes").toString();

  private final Process process;
  private final BufferedReader output;
  private final PrintStream input;
  private final Path errors;

  private AgentJvm(Process process, Path errors) {
    this.process = process;
    this.errors = errors;
    output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    input = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
  }

  /** Begins the description of one, on the class path with nothing but the program. */
  static Launch on(int release) throws IOException {
    return new Launch(Jdk.java(release));
  }

  /** Says a line and returns the answer. */
  String ask(String line) throws Exception {
    input.println(line);
    return Background.start(output::readLine).get();
  }

  /** Says a line that isn't answered. */
  void say(String line) {
    input.println(line);
  }

  /** Waits until so many sweepers run. */
  void awaitSweepers(int count) throws Exception {
    awaitSweepers(count, Eventually.DEADLINE);
  }

  void awaitSweepers(int count, Duration limit) throws Exception {
    String expected = Integer.toString(count);
    Eventually.await(
        count + " sweepers", limit, () -> ask("count " + Sweepers.THREAD).equals(expected));
  }

  long pid() {
    return process.pid();
  }

  /** Returns the options of its connection to a port, as the kernel has them. */
  Optional<SocketOptions> options(int port) throws IOException {
    try (SocketTable table = SocketTable.ofProcess(Math.toIntExact(pid()))) {
      Sockets sockets = table.scan();
      for (int i = 0; i < sockets.size(); i++) {
        Optional<Duplicate> found = table.duplicate(sockets.fd(i), sockets.identity(i));
        if (found.isPresent()) {
          try (Duplicate duplicate = found.get()) {
            if (connects(duplicate, port)) {
              return Optional.of(duplicate.options());
            }
          }
        }
      }
      return Optional.empty();
    }
  }

  private static boolean connects(Duplicate duplicate, int port) {
    try {
      return duplicate.remote().getPort() == port;
    } catch (IOException e) {
      return false; // it listens
    }
  }

  /** Waits until its connection to a port has a budget's options. */
  void awaitBudget(int port, Duration budget) throws Exception {
    SocketOptions expected = Budgets.options(budget);
    Optional<?>[] last = new Optional<?>[1];
    try {
      Eventually.await(
          "the options of " + budget,
          LIMIT,
          () -> {
            last[0] = options(port);
            return last[0].equals(Optional.of(expected));
          });
    } catch (AssertionError e) {
      throw new AssertionError(last[0] + " instead of " + expected + ", " + errors(), e);
    }
  }

  /** Returns what it has written to its standard error. */
  List<String> errors() throws IOException {
    return Files.readAllLines(errors);
  }

  /** Waits for its end and returns its exit status. */
  int awaitExit() throws Exception {
    return Background.start(process::waitFor).get(LIMIT);
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly().onExit().join();
    input.close();
    Files.deleteIfExists(errors);
  }

  /** What to start. */
  static final class Launch {
    private final String java;
    private List<String> prefix = List.of();
    private final List<String> options = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1"));
    private List<String> program = List.of("-cp", CLASSES, PROGRAM);
    private Map<String, String> environment = Map.of();

    private Launch(String java) {
      this.java = java;
    }

    Launch agent(String rules) {
      return agent(JAR, rules);
    }

    Launch agent(String jar, String rules) {
      return with("-javaagent:" + jar + (rules.isEmpty() ? "" : "=" + rules));
    }

    Launch with(String... more) {
      options.addAll(List.of(more));
      return this;
    }

    Launch by(String... command) {
      prefix = List.of(command);
      return this;
    }

    Launch classPath(String... paths) {
      program = List.of("-cp", String.join(File.pathSeparator, paths), PROGRAM);
      return this;
    }

    Launch classPathWith(String more) {
      return classPath(CLASSES, more);
    }

    Launch module(String name, String... paths) {
      program = List.of("-p", String.join(File.pathSeparator, paths), "-m", name + "/" + PROGRAM);
      return this;
    }

    Launch environment(String name, String value) {
      environment = Map.of(name, value);
      return this;
    }

    private Process launch(Path errors) throws IOException {
      List<String> command = new ArrayList<>(prefix);
      command.add(java);
      command.addAll(options);
      command.addAll(program);
      ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
      builder.environment().putAll(environment);
      return builder.start();
    }

    /** Starts it and waits for its program. */
    AgentJvm start() throws Exception {
      AgentJvm jvm = begin();
      try {
        String first = Background.start(jvm.output::readLine).get(LIMIT);
        if (!"ready".equals(first)) {
          throw new IOException("it says " + first + ", " + jvm.errors());
        }
        return jvm;
      } catch (Throwable e) {
        jvm.close();
        throw e;
      }
    }

    /** Starts one that may not come as far as its program. */
    AgentJvm begin() throws IOException {
      Path errors = Files.createTempFile("agent", ".err");
      return new AgentJvm(launch(errors), errors);
    }
  }

  /** Runs jcmd of the JDK that runs the test, and returns its output. */
  String jcmd(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of(Jdk.home().resolve("bin/jcmd").toString()));
    command.add(Long.toString(pid()));
    command.addAll(Arrays.asList(words));
    Process jcmd = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    jcmd.waitFor();
    return text;
  }
}
