package io.github.keepalive4j.cli.doctor;

import io.github.keepalive4j.cli.doctor.Finding.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether {@code sh} can parse a command and find its first program, without running it. What the
 * shell would have to work out, such as {@code $FENCE}, isn't looked up.
 */
final class ShellCheck implements Check {
  /** The first word after assignments of plain values. */
  private static final Pattern FIRST_WORD =
      Pattern.compile("\\s*(?:[A-Za-z_]\\w*=[\\w./:@%+,-]*\\s+)*([^\\s;&|<>()]+)");

  private static final Pattern PLAIN = Pattern.compile("\\[|[\\w./:@%+,-]+");

  private final String option;
  private final String command;

  ShellCheck(String option, String command) {
    this.option = option;
    this.command = command;
  }

  @Override
  public String subject() {
    return command;
  }

  @Override
  public String name() {
    return option;
  }

  @Override
  public void run(Consumer<Finding> found) throws IOException, InterruptedException {
    Run parse = Run.of("sh", "-n", "-c", command);
    if (parse.status() != 0) {
      found.accept(finding(Outcome.FAILED, "sh can't parse it: " + parse.output()));
      return;
    }
    Optional<String> program = program();
    if (program.isEmpty()) {
      found.accept(finding(Outcome.OK, "sh can parse it; its program isn't looked up"));
    } else {
      found.accept(lookUp(program.get()));
    }
  }

  /** Returns the word that the shell will look up, if it is plain. */
  private Optional<String> program() {
    Matcher first = FIRST_WORD.matcher(command);
    return first.lookingAt() && PLAIN.matcher(first.group(1)).matches()
        ? Optional.of(first.group(1))
        : Optional.empty();
  }

  private Finding lookUp(String program) throws IOException, InterruptedException {
    if (program.contains("/")) {
      Path file = Path.of(program);
      return Files.isRegularFile(file) && Files.isExecutable(file)
          ? finding(Outcome.OK, "sh can parse it and find " + program)
          : finding(Outcome.FAILED, program + " is no program that this user may run");
    }
    Run lookUp = Run.of("sh", "-c", "command -v -- \"$1\"", "sh", program);
    return lookUp.status() == 0
        ? finding(Outcome.OK, "sh can parse it and find " + lookUp.output())
        : finding(Outcome.FAILED, program + " is not found in PATH=" + System.getenv("PATH"));
  }

  /** A program that has ended. */
  private record Run(int status, String output) {
    static Run of(String... command) throws IOException, InterruptedException {
      Process process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return new Run(process.waitFor(), output);
    }
  }
}
