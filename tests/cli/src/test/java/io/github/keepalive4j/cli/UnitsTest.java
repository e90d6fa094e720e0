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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The units of the Debian package. */
class UnitsTest {
  private static final Path PAGE =
      Path.of(System.getProperty("basedir", "."), "../../java/cli/SYSTEMD.md");
  private static final Path CLAIMS = PAGE.resolveSibling("CLAIMS.md");
  private static final List<String> UNITS =
      List.of("keepalive-serve@.service", "keepalive-watch@.service");
  private static final Pattern EXPOSURE = Pattern.compile("exposure level for \\S+: ([\\d.]+)");
  private static final Pattern CONFIG = Pattern.compile("# (source|backup): /etc/keepalive4j/");

  @TempDir private Path folder;

  /** Copies a unit; the command, which isn't installed here, is looked for. */
  private Path copy(String unit) throws Exception {
    Needs.program("systemd-analyze");
    String text = Files.readString(PAGE.resolveSibling("src/deb").resolve(unit));
    String runnable = text.replace("/usr/bin/keepalive ", Jdk.java() + " ");
    return Files.writeString(folder.resolve(unit), runnable);
  }

  private static String analyze(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("systemd-analyze"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }

  private static String verify(Path unit) throws Exception {
    return analyze("verify", "--man=no", unit.toString());
  }

  @Test
  void systemdAcceptsTheUnits() throws Exception {
    for (String unit : UNITS) {
      assertEquals("", verify(copy(unit)));
    }
  }

  @Test
  void theUnitsExposureIsAsStated() throws Exception {
    String page = Files.readString(PAGE);
    for (String unit : UNITS) {
      String rated = analyze("security", "--offline=true", "--no-pager", copy(unit).toString());
      Matcher exposure = EXPOSURE.matcher(rated);
      assertTrue(exposure.find(), rated);
      String stated = "`" + unit.replace(".service", "") + "` at " + exposure.group(1);
      assertTrue(page.contains(stated), () -> "not stated: " + stated);
    }
  }

  @Test
  void theCommandTakesEveryConfigurationThatIsShown() throws Exception {
    int shown = 0;
    for (Path page : List.of(PAGE, CLAIMS)) {
      for (MarkdownPage.CodeBlock block : MarkdownPage.read(page).blocks()) {
        Matcher config = CONFIG.matcher(block.text());
        if (config.lookingAt()) {
          shown++;
          take(config.group(1), Files.writeString(folder.resolve("shown.conf"), block.text()));
        }
      }
    }
    assertEquals(3, shown);
  }

  @Test
  void theCommandTakesTheExamplesWithEveryLineInForce() throws Exception {
    for (String role : List.of("source", "backup")) {
      Path example = PAGE.resolveSibling("src/deb/examples").resolve(role + ".conf");
      String all = Files.readString(example).replaceAll("(?m)^# (?!/)", "");
      take(role, Files.writeString(folder.resolve("example.conf"), all));
    }
  }

  private static void take(String role, Path config) {
    String command = role.equals("source") ? "serve" : "watch";
    Main.commandLine().parseArgs(command, "--config", config.toString());
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
    Path unit = copy(UNITS.get(0));
    Path more = Files.createDirectory(folder.resolve(unit.getFileName() + ".d"));
    Files.writeString(more.resolve("claim.conf"), dropIn);
    assertEquals("", verify(unit));
    String rated = analyze("security", "--offline=true", "--no-pager", unit.toString());
    assertTrue(rated.contains("Service runs as root user"), rated);
    assertTrue(rated.contains("Service has administrator privileges"), rated);
    assertTrue(rated.contains("Service maintains its own delegated control group"), rated);
    assertTrue(dropIn.contains("\nExecStopPost=/usr/bin/systemctl stop vm\n"), dropIn);
  }
}
