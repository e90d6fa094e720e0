package io.github.keepalive4j.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A subcommand of the jar, called as a user does. It has to leave no process behind. */
public final class SoakCall {
  public static final Path JAR = Path.of("..", "..", "java", "cli", "target", "keepalive.jar");

  private final List<String> arguments;
  private final StringWriter written = new StringWriter();
  private int status;

  private SoakCall(List<String> arguments) {
    this.arguments = arguments;
  }

  public static SoakCall of(String subcommand, String... arguments) {
    return new SoakCall(List.of(subcommand, "--keepalive", JAR.toString())).with(arguments);
  }

  public SoakCall with(String... more) {
    List<String> all = new ArrayList<>(arguments);
    all.addAll(List.of(more));
    return new SoakCall(all);
  }

  public SoakCall run() {
    Set<Long> before = children();
    PrintWriter writer = new PrintWriter(written);
    status =
        Main.commandLine().setOut(writer).setErr(writer).execute(arguments.toArray(String[]::new));
    Set<Long> left = new HashSet<>(children());
    left.removeAll(before);
    assertEquals(Set.of(), left, "processes left behind");
    return this;
  }

  private static Set<Long> children() {
    return ProcessHandle.current()
        .descendants()
        .map(ProcessHandle::pid)
        .collect(Collectors.toUnmodifiableSet());
  }

  public int status() {
    return status;
  }

  public String text() {
    return written.toString();
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
