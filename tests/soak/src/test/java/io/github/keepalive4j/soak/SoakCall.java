package io.github.keepalive4j.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.support.JavaCommand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A subcommand of the jar, run as a user does. It has to leave no process behind. */
public final class SoakCall {
  public static final Path JAR = Path.of("..", "..", "java", "cli", "target", "keepalive.jar");

  /** In the environment of the call, and of all that it starts. */
  private static final String MARK = "KEEPALIVE4J_SOAK_CALL";

  private static final long LIMIT_S = 180; // a busy machine takes a minute to start the JVMs

  private final String mark = MARK + "=" + UUID.randomUUID();
  private final Process process;
  private final Path output;
  private final Path errors;

  private SoakCall(Path folder, List<String> arguments) throws IOException {
    output = Files.createTempFile(folder, "output", ".txt");
    errors = Files.createTempFile(folder, "errors", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(JavaCommand.of(Main.class, arguments.toArray(String[]::new)))
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile());
    builder.environment().put(MARK, mark.substring(MARK.length() + 1));
    process = builder.start();
  }

  /** Starts one that runs the shipped command, with a folder for what it writes. */
  public static SoakCall start(Path folder, String subcommand, String... arguments)
      throws IOException {
    List<String> all = new ArrayList<>(List.of(subcommand, "--keepalive", JAR.toString()));
    all.addAll(List.of(arguments));
    return new SoakCall(folder, all);
  }

  /** Starts one that doesn't run the shipped command. */
  static SoakCall startWithoutCommand(Path folder, String... arguments) throws IOException {
    return new SoakCall(folder, List.of(arguments));
  }

  /** Waits for its end. */
  public SoakCall end() throws IOException, InterruptedException {
    try {
      assertTrue(process.waitFor(LIMIT_S, TimeUnit.SECONDS), this::text);
    } finally {
      process.destroyForcibly();
    }
    assertEquals(List.of(), processes(), "processes left behind");
    return this;
  }

  /** Returns the command lines of the processes of this call. */
  private List<String> processes() throws IOException {
    List<String> running = new ArrayList<>();
    try (Stream<Path> all = Files.list(Path.of("/proc"))) {
      for (Path each : all.filter(path -> path.getFileName().toString().matches("\\d+")).toList()) {
        if (read(each.resolve("environ")).contains(mark)) {
          running.add(read(each.resolve("cmdline")).replace('\0', ' '));
        }
      }
    }
    return running;
  }

  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException ended) {
      return "";
    }
  }

  /** Returns a process of this call by its program's name, or by one of its arguments. */
  public Optional<ProcessHandle> find(String word) {
    return process.descendants().filter(each -> is(each.info(), word)).findFirst();
  }

  private static boolean is(ProcessHandle.Info info, String word) {
    return info.command().filter(command -> command.endsWith("/" + word)).isPresent()
        || arguments(info).contains(word);
  }

  /** Returns the arguments of the process that {@link #find} finds. */
  public List<String> arguments(String word) {
    return find(word).map(process -> arguments(process.info())).orElse(List.of());
  }

  private static List<String> arguments(ProcessHandle.Info info) {
    return info.arguments().map(List::of).orElse(List.of());
  }

  public int status() {
    return process.exitValue();
  }

  /** Returns what it has written. */
  public String text() {
    return read(output) + read(errors);
  }

  public void requireLine(String pattern) {
    assertTrue(lines(pattern) > 0, () -> "no " + pattern + " in " + text());
  }

  public long lines(String pattern) {
    return text().lines().filter(line -> line.matches(pattern)).count();
  }

  /** Returns the first figure of the first row of this name. */
  public double figure(String row) {
    Pattern pattern = Pattern.compile("(?m)^\\| " + Pattern.quote(row) + " \\| (-?[0-9.]+) \\|");
    Matcher matcher = pattern.matcher(text());
    assertTrue(matcher.find(), () -> "no row " + row + " in " + text());
    return Double.parseDouble(matcher.group(1));
  }
}
