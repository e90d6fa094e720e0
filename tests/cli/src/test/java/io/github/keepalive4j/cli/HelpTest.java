package io.github.keepalive4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** What the command tells of itself. */
class HelpTest {
  private static final Path POM = Path.of(System.getProperty("basedir", "."), "../../pom.xml");
  private static final Pattern VERSION = Pattern.compile("<revision>([^<]+)</revision>");

  private static final Path HEADER = POM.resolveSibling("native/include/keepalive4j.h");
  private static final Pattern ABI = Pattern.compile("KA_ABI_VERSION\\s+(\\d+)");

  private static String tell(String... arguments) {
    Answer answer = Answer.to(arguments);
    assertEquals(0, answer.status());
    assertEquals("", answer.error());
    return answer.out();
  }

  @ParameterizedTest
  @ValueSource(strings = {"serve", "watch", "sockets", "demo", "doctor"})
  void helpHasEveryOptionAndExitStatus(String subcommand) {
    CommandLine command = Main.commandLine().getSubcommands().get(subcommand);
    String help = tell(subcommand, "--help");
    for (OptionSpec option : command.getCommandSpec().options()) {
      assertTrue(help.contains(option.longestName()), option + " in " + help);
    }
    assertTrue(help.startsWith("Usage: keepalive " + subcommand), help);
    assertTrue(help.contains("Exit status:"), help);
    assertEquals(help, tell(subcommand, "-h"));
  }

  /** What a shell completes is what the command takes. */
  @Test
  void everyCandidateOfCompletionIsTaken() throws Exception {
    List<String> candidates = new ArrayList<>();
    for (CommandLine command : Main.commandLine().getSubcommands().values()) {
      for (OptionSpec option : command.getCommandSpec().options()) {
        for (String candidate :
            Objects.requireNonNullElse(option.completionCandidates(), List.<String>of())) {
          assertNotNull(option.converters()[0].convert(candidate));
          candidates.add(candidate);
        }
      }
    }
    assertTrue(
        candidates.containsAll(List.of("process", "await", "colo-primary")), candidates::toString);
  }

  @Test
  void helpHasEverySubcommand() {
    String help = tell("--help");
    for (String subcommand : Main.commandLine().getSubcommands().keySet()) {
      assertTrue(help.lines().anyMatch(line -> line.strip().startsWith(subcommand)), help);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--version", "serve --version", "watch -V"})
  void theJarTellsItsVersionAndWhatItRunsOn(String arguments) throws Exception {
    Matcher version = VERSION.matcher(Files.readString(POM));
    assertTrue(version.find());
    Matcher abi = ABI.matcher(Files.readString(HEADER));
    assertTrue(abi.find());
    List<String> lines = outputOf(arguments).lines().toList();
    assertEquals("keepalive " + version.group(1), lines.get(0));
    assertTrue(lines.get(1).matches("commit: ([0-9a-f]{10,}|unknown)"), lines.get(1));
    assertEquals("shim's ABI: " + abi.group(1), lines.get(2));
    assertEquals("Java: " + Runtime.version(), lines.get(3));
    String release = Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip();
    assertTrue(lines.get(4).startsWith("kernel: Linux " + release + " on "), lines.get(4));
    assertEquals(5, lines.size());
  }

  @Test
  void theJarTellsTheSameHelp() throws Exception {
    assertEquals(tell("watch", "--help"), outputOf("watch --help"));
  }

  private static String outputOf(String arguments) throws Exception {
    try (Keepalive command = Keepalive.run(arguments.split(" "))) {
      assertEquals(0, command.awaitEnd(), command::output);
      assertEquals("", command.stderr().text());
      return command.stdout().text() + "\n";
    }
  }
}
