package io.github.keepalive4j.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.support.Needs;
import io.github.keepalive4j.support.RequiresLab;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The jar's subcommands as a user calls them. */
class MainTest {
  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter error = new StringWriter();

  private int execute(String... arguments) {
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(error))
        .execute(arguments);
  }

  @ParameterizedTest
  @ValueSource(strings = {"calm", "faults", "idle", "soak", "takeovers"})
  void helpHasEveryOption(String subcommand) {
    assertEquals(0, execute(subcommand, "--help"));
    CommandLine command = Main.commandLine().getSubcommands().get(subcommand);
    for (OptionSpec option : command.getCommandSpec().options()) {
      assertTrue(out.toString().contains(option.longestName()), option + " in " + out);
    }
    assertEquals("", error.toString());
  }

  @Test
  void helpHasEverySubcommand() {
    assertEquals(0, execute("--help"));
    for (String subcommand : Main.commandLine().getSubcommands().keySet()) {
      assertTrue(out.toString().contains("\n  " + subcommand + " "), out.toString());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "calm --minutes=0,               --minutes 0.0 is not more than 0 and up to 10000",
    "calm --pairs=17,                --pairs 17 is not from 1 to 16",
    "calm --busy=65,                 --busy 65 is not from 0 to 64",
    "calm --keepalive=/none,         --keepalive /none can't be read",
    "idle --cuts=0,                  --cuts 0 is not from 1 to 100000",
    "idle --pairs=0,                 --pairs 0 is not from 1 to 16",
    "idle --youngest=2 --oldest=1,   --youngest 2 is not from 0 to --oldest 1",
    "idle --keepalive=/none,         --keepalive /none can't be read",
    "idle --library --realtime,      --library doesn't run with --realtime",
    "idle --library --end=kill,      '--library measures cuts only, not --end kill'",
    "faults --age=0,                 --age 0 is not within 1 to 3600 s",
    "soak --minutes=0.09,            --minutes 0.09 is not from 0.1 to",
    "soak --links=10001,             '--links 10,001 is not from 1 to 10,000'",
    "takeovers --rounds=0,           --rounds 0 is not from 1 to 100000",
    "takeovers --stop-every=-1,      --stop-every -1 is less than 0",
    "takeovers --keepalive=/none,    --keepalive /none can't be read",
    "takeovers --only=sneezed,       sneezed",
    "nonsense,                       nonsense"
  })
  void aMistakeIsNamedAndNothingRuns(String arguments, String message) {
    assertEquals(2, execute(arguments.split(" ")));
    assertTrue(error.toString().contains(message), error.toString());
  }

  @Test
  @RequiresLab
  void theMatrixRunsSingleFaultsByName() throws Exception {
    SoakCall call =
        SoakCall.startWithoutCommand(folder, "faults", "--only=kill()", "--age=1").end();
    assertEquals(0, call.status(), call::text);
    call.requireLine("[1-9]\\d* cells, 0 deviations");
  }

  @Test
  @RequiresLab
  void theSoakWritesItsReport() throws Exception {
    Path report = folder.resolve("report");
    SoakCall call =
        SoakCall.startWithoutCommand(
                folder, "soak", "--minutes=0.1", "--links=20", report.toString())
            .end();
    assertEquals(0, call.status(), call::text);
    assertTrue(call.text().contains(Files.readString(report.resolve("summary.txt"))), call::text);
    assertTrue(Files.size(report.resolve("soak.png")) > 0);
  }

  @Test
  @RequiresLab
  void takeoversArePlayedAndCounted() throws Exception {
    Needs.program("cc");
    SoakCall call =
        SoakCall.start(
                folder,
                "takeovers",
                "--rounds=1",
                "--stop-every=0",
                "--only=killed",
                folder.resolve("files").toString())
            .end();
    assertEquals(0, call.status(), call::text);
    call.requireLine("\\| killed \\| 1 \\|.*");
    call.requireLine("1 rounds in .*; never two at once, one after each round");
  }
}
