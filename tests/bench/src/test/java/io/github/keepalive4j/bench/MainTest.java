package io.github.keepalive4j.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.bench.report.ReportCommand;
import io.github.keepalive4j.bench.subject.Contender;
import io.github.keepalive4j.support.JavaCommand;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
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
  void reportGoesToTargetUnlessToldOtherwise() {
    String usage = new CommandLine(new ReportCommand()).getUsageMessage();
    assertTrue(
        usage.contains("(default:\n                    target/report)")
            || usage.contains("(default: target/report)"),
        usage);
  }
}
