package io.github.keepalive4j.cli.demo;

import io.github.keepalive4j.cli.output.Event;
import io.github.keepalive4j.cli.output.JsonEventReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** This command in a JVM of its own. It is killed when closed, and at the latest with this JVM. */
final class ChildCommand implements AutoCloseable {
  private static final List<String> JVM_OPTIONS =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED");

  /** By its name, because the entry point leads here: a reference back would be a circle. */
  private static final String MAIN = "io.github.keepalive4j.cli.Main";

  private static final String OWN_PROPERTIES = "keepalive4j.";

  private final JsonEventReader events = new JsonEventReader();
  private final Process process;
  private final BufferedReader output;

  private ChildCommand(Process process) {
    this.process = process;
    output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "child-kill"));
  }

  static ChildCommand start(List<String> starter, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(starter);
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(JVM_OPTIONS);
    System.getProperties().stringPropertyNames().stream()
        .filter(name -> name.startsWith(OWN_PROPERTIES))
        .forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
    command.addAll(List.of(arguments));
    return new ChildCommand(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  /** Waits for the next event of a type and returns its fields. */
  Map<String, String> awaitEvent(Event.Type type) throws IOException {
    StringBuilder passed = new StringBuilder();
    for (String line = readLine(); line != null; line = readLine()) {
      if (JsonEventReader.isEvent(line)) {
        Map<String, String> fields = events.read(line);
        if (fields.get("event").equals(type.label())) {
          return fields;
        }
      }
      passed.append(line).append("; ");
    }
    throw new IOException("ended without the event " + type.label() + ": " + passed);
  }

  /** Waits until there was an event of each type, in whatever order. */
  void awaitEvents(Event.Type... types) throws IOException {
    Set<String> missing =
        Stream.of(types).map(Event.Type::label).collect(Collectors.toCollection(HashSet::new));
    while (!missing.isEmpty()) {
      String line = readLine();
      if (line == null) {
        throw new IOException("ended without the events " + missing);
      }
      if (JsonEventReader.isEvent(line)) {
        missing.remove(events.read(line).get("event"));
      }
    }
  }

  /** Waits for the next line; null at the end of the output. */
  String readLine() throws IOException {
    return output.readLine();
  }

  int waitFor() throws InterruptedException {
    return process.waitFor();
  }

  /** Kills the process (SIGKILL), as a crash would. */
  @Override
  public void close() {
    process.destroyForcibly();
  }
}
