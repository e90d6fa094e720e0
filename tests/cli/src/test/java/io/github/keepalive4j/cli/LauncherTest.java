package io.github.keepalive4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.support.Jdk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher beside the jar, as a user runs it, and the class-data archives that it uses. */
@Timeout(120)
class LauncherTest {
  private static final Path LAUNCHER = Keepalive.LAUNCHER;
  private static final Path CLASS_LIST = Keepalive.JAR.resolveSibling("keepalive.classlist");

  @TempDir private Path folder;

  private static Keepalive start(Path jdk, List<String> environment, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(List.of("env", "JAVA_HOME=" + jdk));
    command.addAll(environment);
    command.add(LAUNCHER.toString());
    command.addAll(List.of(arguments));
    return Keepalive.start(command);
  }

  /** Runs the command to its end, which is a success, and returns what it wrote. */
  private static String run(List<String> command) throws Exception {
    try (Keepalive run = Keepalive.start(command)) {
      assertEquals(0, run.awaitEnd(), run::output);
      assertEquals("", run.stderr().text());
      return run.stdout().text();
    }
  }

  private static String version(Path jdk, String... environment) throws Exception {
    List<String> command = new ArrayList<>(List.of("env", "JAVA_HOME=" + jdk));
    command.addAll(List.of(environment));
    command.addAll(List.of(LAUNCHER.toString(), "--version"));
    return run(command);
  }

  /** Makes an archive for a JVM from the list that the build made, as START.md shows. */
  private Path archiveFor(int release) throws Exception {
    Path archive = folder.resolve(release + ".jsa");
    String options =
        "-Xshare:dump -XX:SharedClassListFile=" + CLASS_LIST + " -XX:SharedArchiveFile=" + archive;
    try (Keepalive dump = start(Jdk.home(release), List.of("KEEPALIVE_JAVA_OPTS=" + options))) {
      assertEquals(0, dump.awaitEnd(), dump::output);
    }
    return archive;
  }

  private static void assertShared(String classLoads) {
    String main = " " + Main.class.getName() + " ";
    assertTrue(
        classLoads
            .lines()
            .anyMatch(line -> line.contains(main) && line.endsWith("shared objects file")),
        classLoads);
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 25})
  void anArchiveIsUsed(int release) throws Exception {
    String archive = "KEEPALIVE_ARCHIVE=" + archiveFor(release);
    assertShared(version(Jdk.home(release), archive, "KEEPALIVE_JAVA_OPTS=-Xlog:class+load"));
  }

  @Test
  void theBuildsArchiveIsUsed() throws Exception {
    assertShared(version(Jdk.home(), "KEEPALIVE_JAVA_OPTS=-Xlog:class+load"));
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 25})
  void anArchiveThatDoesNotFitDoesNoHarm(int release) throws Exception {
    Path jdk = Jdk.home(release);
    String wanted = run(Keepalive.command(Jdk.java(release), List.of(), "--version"));
    Path broken = Files.writeString(folder.resolve("broken.jsa"), "no archive");
    assertEquals(wanted, version(jdk, "KEEPALIVE_ARCHIVE=" + broken));
    Path foreign = archiveFor(release == 17 ? 25 : 17);
    assertEquals(wanted, version(jdk, "KEEPALIVE_ARCHIVE=" + foreign));
    Path otherJar = Files.copy(Keepalive.JAR, folder.resolve("other.jar"));
    String ofThisJar = "KEEPALIVE_ARCHIVE=" + archiveFor(release);
    assertEquals(wanted, version(jdk, "KEEPALIVE_JAR=" + otherJar, ofThisJar));
  }

  @Test
  void itBecomesTheJvm() throws Exception {
    try (Keepalive source =
        start(Jdk.home(), List.of(), "serve", "--bind", "127.0.0.1", "--port", "0", "--json")) {
      source.awaitEvent("listening");
      assertEquals(
          Path.of(Jdk.java()).toRealPath(), Path.of("/proc/" + source.pid() + "/exe").toRealPath());
      source.signal("TERM");
      assertEquals(128 + 15, source.awaitEnd(), source::output);
      assertEquals("", source.stderr().text());
    }
  }

  @Test
  void argumentsAndTheStatusPassThrough() throws Exception {
    try (Keepalive source = start(Jdk.home(), List.of(), "serve", "--port", "1  * 2")) {
      assertEquals(2, source.awaitEnd(), source::output);
      assertTrue(source.stderr().text().contains("1  * 2"), source::output);
    }
  }

  @Test
  void optionsForTheJvmWin() throws Exception {
    String options = "KEEPALIVE_JAVA_OPTS=-XX:TieredStopAtLevel=3 -XX:+PrintFlagsFinal";
    String flags = version(Jdk.home(), options);
    assertTrue(
        flags.lines().anyMatch(line -> line.matches(".* TieredStopAtLevel +\\W+ 3 .*")), flags);
  }

  @Test
  void warningsOfTheJvmGoToStandardError() throws Exception {
    List<String> tooSmall = List.of("KEEPALIVE_JAVA_OPTS=-Xmn8m -Xmx4m");
    try (Keepalive run = start(Jdk.home(), tooSmall, "--version")) {
      assertEquals(0, run.awaitEnd(), run::output);
      assertTrue(run.stderr().text().contains("[warning]"), run::output);
      assertFalse(run.stdout().text().contains("[warning]"), run::output);
    }
  }

  @Test
  void theFirstJavaOnThePathRuns() throws Exception {
    String path = "PATH=" + Jdk.home(25).resolve("bin") + ":" + System.getenv("PATH");
    String version = run(List.of("env", "-u", "JAVA_HOME", path, LAUNCHER.toString(), "--version"));
    assertTrue(version.contains("Java: 25"), version);
  }

  @Test
  void aLinkToItFindsTheJar() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("keepalive"), LAUNCHER);
    String home = "JAVA_HOME=" + Jdk.home();
    assertEquals(version(Jdk.home()), run(List.of("env", home, link.toString(), "--version")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"JAVA_HOME=/none", "JAVA_HOME= PATH=/none", "KEEPALIVE_JAR=/none"})
  void whatIsMissingIsSaidInOneLine(String environment) throws Exception {
    try (Keepalive run = start(Jdk.home(), List.of(environment.split(" ")), "--version")) {
      assertEquals(1, run.awaitEnd(), run::output);
      assertEquals(1, run.stderr().all().size(), run::output);
      assertTrue(run.stderr().text().startsWith("keepalive: "), run::output);
      assertEquals("", run.stdout().text());
    }
  }
}
