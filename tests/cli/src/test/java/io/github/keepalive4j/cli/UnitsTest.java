package io.github.keepalive4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.support.Jdk;
import io.github.keepalive4j.support.Needs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The units that the documentation shows. */
class UnitsTest {
  private static final Path PAGE =
      Path.of(System.getProperty("basedir", "."), "../../java/cli/SYSTEMD.md");
  private static final Path CLAIMS = PAGE.resolveSibling("CLAIMS.md");
  private static final Pattern NAME = Pattern.compile("# /etc/systemd/system/(\\S+)\n");
  private static final Pattern EXPOSURE = Pattern.compile("exposure level for \\S+: ([\\d.]+)");

  @TempDir private Path folder;
  private List<MarkdownPage.CodeBlock> units;

  @BeforeEach
  void read() throws Exception {
    Needs.program("systemd-analyze");
    units = MarkdownPage.read(PAGE).blocks();
    assertEquals(2, units.size());
  }

  private Path write(String unit) throws Exception {
    Matcher name = NAME.matcher(unit);
    assertTrue(name.lookingAt(), unit);
    String runnable = unit.replace("/usr/bin/java", Jdk.java()); // it is looked for
    return Files.writeString(folder.resolve(name.group(1)), runnable);
  }

  private static String analyze(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("systemd-analyze"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }

  @Test
  void systemdAcceptsTheUnits() throws Exception {
    for (MarkdownPage.CodeBlock unit : units) {
      assertEquals("", analyze("verify", write(unit.text()).toString()));
    }
  }

  @Test
  void theUnitsExposureIsAsStated() throws Exception {
    String page = Files.readString(PAGE);
    for (MarkdownPage.CodeBlock unit : units) {
      Path file = write(unit.text());
      String rated = analyze("security", "--offline=true", "--no-pager", file.toString());
      Matcher exposure = EXPOSURE.matcher(rated);
      assertTrue(exposure.find(), rated);
      String name = file.getFileName().toString().replace(".service", "");
      String stated = "`" + name + "` at " + exposure.group(1);
      assertTrue(page.contains(stated), () -> "not stated: " + stated);
    }
  }

  /** Its commands start and stop another unit, also after {@code serve} was killed. */
  @Test
  void aSourceWithAClaimMayUseSystemctl() throws Exception {
    String dropIn =
        MarkdownPage.read(CLAIMS).blocks().stream()
            .map(MarkdownPage.CodeBlock::text)
            .filter(text -> text.contains("/claim.conf"))
            .findFirst()
            .orElseThrow();
    Path unit = write(units.get(0).text());
    Path more = Files.createDirectory(folder.resolve(unit.getFileName() + ".d"));
    Files.writeString(more.resolve("claim.conf"), dropIn.replace("/usr/bin/java", Jdk.java()));
    assertEquals("", analyze("verify", unit.toString()));
    String rated = analyze("security", "--offline=true", "--no-pager", unit.toString());
    assertTrue(rated.contains("Service runs as root user"), rated);
    assertTrue(rated.contains("Service has administrator privileges"), rated);
    assertTrue(rated.contains("Service maintains its own delegated control group"), rated);
    assertTrue(dropIn.contains("\nExecStopPost=/usr/bin/systemctl stop vm\n"), dropIn);
  }
}
