package io.github.keepalive4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.Journal;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.internal.timing.Patience;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** What an option that isn't given stands for: the same in --help, the pages and the library. */
class DefaultsTest {
  private static final Path JAVA = Path.of(System.getProperty("basedir", "."), "../../java");

  /** Each option with a default of its own. */
  private static final Map<String, String> DEFAULTS =
      Map.ofEntries(
          Map.entry("--acknowledge-timeout", "50ms"),
          Map.entry("--claim-timeout", "15s"),
          Map.entry("--connect-timeout", "5s"),
          Map.entry("--count", "5"),
          Map.entry("--fence-retries", "0"),
          Map.entry("--fence-timeout", "10s"),
          Map.entry("--health-interval", "1s"),
          Map.entry("--idle", "1s"),
          Map.entry("--interval", "1s"),
          Map.entry("--journal-timeout", "100ms"),
          Map.entry("--live-holder", "revoke"),
          Map.entry("--liveness", "host"),
          Map.entry("--max-connections", "10000"),
          Map.entry("--max-connections-per-address", "1024"),
          Map.entry("--port", "9999"),
          Map.entry("--qmp-action", "cont"),
          Map.entry("--qmp-timeout", "5s"),
          Map.entry("--realtime", "10"),
          Map.entry("--release-timeout", "15s"),
          Map.entry("--shed-after", "30m"),
          Map.entry("--stop-timeout", "10s"));

  private static List<OptionSpec> options() {
    List<OptionSpec> all = new ArrayList<>();
    new CommandLine(new KeepaliveCommand())
        .getSubcommands()
        .values()
        .forEach(subcommand -> all.addAll(subcommand.getCommandSpec().options()));
    return all;
  }

  @Test
  void eachIsWhatIsDocumented() {
    Map<String, String> defaults = new TreeMap<>();
    for (OptionSpec option : options()) {
      String text = isRealtime(option) ? option.fallbackValue() : option.defaultValue();
      if (text != null) {
        defaults.put(option.longestName(), text);
      }
    }
    assertEquals(new TreeMap<>(DEFAULTS), defaults);
  }

  /** Its priority has a default, but without it there is none. */
  private static boolean isRealtime(OptionSpec option) {
    return option.longestName().equals("--realtime");
  }

  @Test
  void helpShowsEach() {
    for (OptionSpec option : options()) {
      String text = String.join(" ", option.description());
      if (option.defaultValue() != null) {
        assertTrue(text.contains("(default: " + option.defaultValue() + ")"), text);
      } else if (isRealtime(option)) {
        assertTrue(text.contains("(default: " + option.fallbackValue() + ";"), text);
      } else {
        assertFalse(text.matches(".*default:? \\d.*"), text);
      }
    }
  }

  /** What the library does by itself. */
  @Test
  void theLibraryHasTheSame() {
    KeepaliveOptions link = KeepaliveOptions.defaults();
    assertEquals(link.idle(), value("--idle", "watch", "h:1"));
    assertEquals(link.interval(), value("--interval", "watch", "h:1"));
    assertEquals(link.count(), value("--count", "watch", "h:1"));
    assertEquals(link.liveness(), value("--liveness", "watch", "h:1"));
    assertEquals(Journal.DEFAULT_TIMEOUT, value("--journal-timeout", "watch", "h:1"));
    assertEquals(Patience.DEFAULT, value("--shed-after", "serve"));
  }

  private static Object value(String option, String... arguments) {
    CommandLine command = new CommandLine(new KeepaliveCommand());
    return command.parseArgs(arguments).subcommand().commandSpec().findOption(option).getValue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cli/README.md  | --port                | by default all addresses, port 9999",
        "cli/README.md  | --health              | longer than `--health-interval` (1 s)",
        "cli/README.md  | --shed-after          | by default 30 min",
        "cli/README.md  | --fence-timeout       | exits with 0 in time (10 s)",
        "cli/README.md  | --fence-retries       | (0 to 100, default 0)",
        "cli/README.md  | --journal-timeout     | up to TIME (100 ms)",
        "cli/README.md  | --realtime            | by default 10;",
        "cli/CLAIMS.md  | --claim-timeout       | by default 15 s",
        "cli/CLAIMS.md  | --live-holder         | by default `revoke`",
        "cli/CLAIMS.md  | --acknowledge-timeout | by default 50 ms",
        "cli/CLAIMS.md  | --release-timeout     | by default 15 s",
        "cli/CLAIMS.md  | --stop-timeout        | by default 10 s",
        "core/README.md | --max-connections     | (10,000), `--max-connections-per-address N` (1,024)",
        "core/README.md | keepalive (default)   | (5 probes, 1 s apart, after 1 s idle)",
        "qemu/README.md | --qmp-action          | `cont` is the default of `--qmp-action`",
      })
  void aPageSaysTheSame(String page, String option, String text) throws Exception {
    List<String> lines = Files.readAllLines(JAVA.resolve(page));
    assertTrue(
        lines.stream().anyMatch(line -> line.contains(option) && line.contains(text)),
        () -> "no line of " + page + " has " + option + " and " + text);
  }
}
