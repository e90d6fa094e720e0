package io.github.keepalive4j.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.keepalive4j.bench.report.BfdCommand;
import io.github.keepalive4j.bench.report.ReportCommand;
import io.github.keepalive4j.bench.subject.Contender;
import io.github.keepalive4j.support.JavaCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

final class MainTest {
  @Test
  void helpNamesTheBenchmarksTheSubjectsAndTheReport() throws Exception {
    Process process =
        new ProcessBuilder(JavaCommand.of(Main.class, "--help")).redirectErrorStream(true).start();
    String help = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), help);
    for (String benchmark :
        new String[] {"PeerDeathBenchmark", "IdlePeerDeathBenchmark", "OpenCloseBenchmark"}) {
      assertTrue(help.contains(benchmark), help);
    }
    for (Contender contender : Contender.values()) {
      assertTrue(help.contains(contender.key()), help);
    }
    assertTrue(help.contains("report [--quick]"), help);
  }

  @Test
  void theQuickReportMeasuresSingleDeathsAloneAndEndsSoon(@TempDir Path folder) throws Exception {
    Path directory = folder.resolve("report");
    Path errors = folder.resolve("errors.txt");
    Process process =
        new ProcessBuilder(
                JavaCommand.of(
                    Main.class, "report", "--quick", "--seconds=1", directory.toString()))
            .redirectOutput(folder.resolve("output.txt").toFile())
            .redirectError(errors.toFile())
            .start();
    try {
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), "after 60 s it still runs");
    } finally {
      process.destroyForcibly();
    }
    assertEquals(0, process.exitValue(), () -> read(errors));
    List<String> steps = read(errors).lines().filter(line -> line.matches("\\d\\. .*")).toList();
    assertEquals(List.of("1. peers die one at a time"), steps);
    assertTrue(read(directory.resolve("report.html")).contains("<html"));
    List<String> output = Files.readAllLines(folder.resolve("output.txt"));
    JsonNode summary = new ObjectMapper().readTree(output.get(output.size() - 1));
    for (Contender contender : Contender.values()) {
      assertTrue(summary.path("p50Us").path(contender.key()).asDouble() > 0, summary::toString);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "--seconds=0, --seconds 0 is not from 1 to 3600",
    "--seconds=3601, --seconds 3601 is not from 1 to 3600",
    "--cuts=-1, --cuts -1 is not from 0 to 10000"
  })
  void theReportRefusesWhatIsOutOfRange(String argument, String message) {
    assertRefuses(new ReportCommand(), argument, message);
  }

  @ParameterizedTest
  @CsvSource({
    "--cuts=0, --cuts 0 is not from 1 to 10000",
    "--busy=-1, --busy -1 is not from 0 to 1000",
    "--busy=1001, --busy 1001 is not from 0 to 1000"
  })
  void bfdRefusesWhatIsOutOfRange(String argument, String message) {
    assertRefuses(new BfdCommand(), argument, message);
  }

  private static void assertRefuses(Object command, String argument, String message) {
    StringWriter error = new StringWriter();
    CommandLine line = new CommandLine(command).setErr(new PrintWriter(error));
    assertEquals(2, line.execute(argument));
    assertTrue(error.toString().startsWith(message), error.toString());
  }

  @Test
  void reportGoesToTargetUnlessToldOtherwise() {
    String usage = new CommandLine(new ReportCommand()).getUsageMessage();
    assertTrue(
        usage.contains("(default:\n                    target/report)")
            || usage.contains("(default: target/report)"),
        usage);
  }
}
