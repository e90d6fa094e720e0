package io.github.keepalive4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Options in a file: {@code --config}. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD) // a mistake that passes may serve on
class ConfigTest {
  private static final Set<String> COMMAND_LINE_ONLY = Set.of("config", "help", "version");

  @TempDir private Path folder;

  private Path config(String text) throws Exception {
    return Files.writeString(folder.resolve("vm.conf"), text);
  }

  private static CommandSpec spec(String command) {
    return Main.commandLine().getSubcommands().get(command).getCommandSpec();
  }

  private List<String> options(String command, String text) throws Exception {
    return new ConfigFile(config(text), spec(command)).options();
  }

  private String refusal(String command, Path file, String... more) {
    String[] arguments = new String[more.length + 3];
    arguments[0] = command;
    arguments[1] = "--config";
    arguments[2] = file.toString();
    System.arraycopy(more, 0, arguments, 3, more.length);
    Answer answer = Answer.to(arguments);
    assertEquals(2, answer.status(), answer.error());
    assertEquals("", answer.out());
    assertEquals(1, answer.error().lines().count(), answer.error());
    return answer.error().strip();
  }

  @ParameterizedTest
  @ValueSource(strings = {"serve", "watch"})
  void everyOptionOfTheCommandLineHasItsNameInAFile(String command) throws Exception {
    for (OptionSpec option : spec(command).options()) {
      String name = option.longestName().substring(2);
      if (COMMAND_LINE_ONLY.contains(name)) {
        continue;
      }
      boolean takesValue = option.arity().max() > 0;
      assertEquals(
          List.of("--" + name + (takesValue ? "=x y" : "")),
          options(command, takesValue ? name + " = x y\n" : name + "\n"));
    }
  }

  @Test
  void aValueIsTakenAsItIs() throws Exception {
    assertEquals(
        List.of("--on-failover=echo \"a=b\" # $c 'd'", "--fence=\"a b\" && 'c d'", "h:1"),
        options(
            "watch",
            """
            # a comment

            on-failover=echo "a=b" # $c 'd'
              fence =  "a b" && 'c d'\t
            source = h:1
            """));
  }

  @Test
  void anOptionWithoutAValueStandsAloneOrIsTrueOrFalse() throws Exception {
    assertEquals(
        List.of("--rearm", "--json", "--realtime"),
        options("watch", "rearm\njson = true\nfailover-when-left = false\nrealtime\r\n"));
  }

  @Test
  void aByteOrderMarkIsNoPartOfAName() throws Exception {
    assertEquals(List.of("h:1"), options("watch", "\uFEFFsource = h:1\n"));
  }

  @Test
  void aFileWithoutANameIsRefused() {
    String error = Answer.to("watch", "--config").error();
    assertTrue(error.contains("Missing required parameter for option '--config' (FILE)"), error);
  }

  /** Else the command would be another one. */
  @Test
  void aValueThatTheLocaleCannotExpressIsRefused() throws Exception {
    Path file = config("source = h:1\non-failover = echo grüß\n");
    ProcessBuilder builder =
        new ProcessBuilder(Keepalive.command("watch", "--config", file.toString()));
    builder.environment().put("LC_ALL", "C");
    Process process = builder.redirectErrorStream(true).start();
    String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(2, process.waitFor(), told);
    assertTrue(told.contains(file + ":2: 'on-failover' has characters that aren't in"), told);
  }

  @Test
  void anOptionThatMayBeRepeatedMayBeSoInAFile() throws Exception {
    assertEquals(
        List.of("--fence=first", "--fence=second"),
        options("watch", "fence = first\nfence = second\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "serve | prot = 1 | 'prot' is no option of keepalive serve",
        "serve | --port = 1 | '--port' is no option of keepalive serve",
        "serve | -h | '-h' is no option of keepalive serve",
        "serve | source = h:1 | 'source' is no option of keepalive serve",
        "watch | bind = ::1 | 'bind' is no option of keepalive watch",
        "watch | = 1 | '' is no option of keepalive watch",
        "watch | config = /other | 'config' goes on the command line only",
        "watch | help | 'help' goes on the command line only",
        "watch | version = true | 'version' goes on the command line only",
        "watch | source | 'source' takes a value: source = VALUE",
        "watch | on-failover | 'on-failover' takes a value: on-failover = VALUE",
        "watch | on-failover = | 'on-failover' has no value after its =",
        "watch | rearm = | 'rearm' has no value after its =",
        "watch | rearm = yes | 'rearm' is 'yes', which is neither true nor false",
        "watch | on-failover = \"a b\" | 'on-failover' has quotes around its value",
        "serve | port = '1' | 'port' has quotes around its value",
        "watch | source = --json | 'source' is '--json', which is no HOST:PORT",
        "watch | on-failover = a\0b | 'on-failover' has a null character in its value"
      })
  void aMistakeInAFileIsRefusedWithItsLine(String command, String line, String reason)
      throws Exception {
    Path file = config("# first line\n" + line + "\n");
    String error = refusal(command, file);
    assertTrue(error.startsWith("keepalive " + command + ": " + file + ":2: " + reason), error);
  }

  @ParameterizedTest
  @CsvSource({
    "serve, port = 65536, '--port'",
    "serve, health-interval = 0s, '--health-interval'",
    "watch, source = h:0, HOST:PORT",
    "watch, detect-within = soon, '--detect-within'"
  })
  void aWrongValueIsRefusedAsOnTheCommandLine(String command, String line, String option)
      throws Exception {
    String error = refusal(command, config(line));
    assertTrue(error.contains(option), error);
  }

  @Test
  void anOptionInTheFileAndOnTheCommandLineIsRefused() throws Exception {
    Path file = config("port = 1\n");
    assertTrue(refusal("serve", file, "--port", "2").contains("'--port'"));
    assertTrue(refusal("watch", config("source = h:1\n"), "h:2").contains("h:2"));
  }

  @Test
  void anOptionThatNeedsAnotherOneIsRefusedInAFile() throws Exception {
    String error = refusal("watch", config("source = h:1\nsource-id = vm1\n"));
    assertTrue(error.contains("--source-id goes with --zookeeper"), error);
  }

  @Test
  void aFileThatCannotBeReadIsRefused() throws Exception {
    assertTrue(refusal("serve", Path.of("/none")).endsWith("there is no file /none"));
    assertTrue(refusal("serve", folder).endsWith(folder + " is a directory"));
    assertTrue(refusal("serve", Path.of("/dev/zero")).endsWith("has more than 65536 bytes"));
    Path latin = folder.resolve("latin");
    Files.write(latin, "health = prüfe\n".getBytes(StandardCharsets.ISO_8859_1));
    assertTrue(refusal("serve", latin).endsWith(latin + ": is not in UTF-8"));
  }

  @Test
  void aBackupTakesOverAsItsFileSays() throws Exception {
    Path serve = Files.writeString(folder.resolve("serve.conf"), "bind=127.0.0.1\nport=0\njson\n");
    try (Sources.Listening source =
        Sources.listening(Keepalive.run("serve", "--config", serve.toString()))) {
      Path file =
          config(
              """
              source = %s
              detect-within = 500ms
              on-failover = echo "taken over from $KEEPALIVE_PEER"
              json
              """
                  .formatted(source.address()));
      try (Keepalive backup = Keepalive.run("watch", "--config=" + file)) {
        assertTrue(backup.awaitEvent("up").number("worstCaseMs") <= 500, backup::output);
        source.process().kill();
        assertEquals(0, backup.awaitEnd(), backup::output);
        String taken = "taken over from " + source.address();
        assertTrue(backup.stderr().all().contains(taken), backup::output);
      }
    }
  }
}
