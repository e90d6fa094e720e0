package io.github.keepalive4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.keepalive4j.support.Jdk;
import io.github.keepalive4j.support.Needs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The same is told wherever the machine stands: in Turkish, whose small I has no dot and whose C
 * library has messages of its own, and with Arabic's and Persian's digits.
 */
class LocaleTest {
  private static final List<String> ENGLISH = List.of("env", "LC_ALL=C", "TZ=UTC");
  private static final List<String> VOLATILE =
      List.of("peer", "at", "monotonicNs", "verdictNs", "lastHeardMs");

  private static final Pattern TIME = Pattern.compile("(?m)^\\d\\d:\\d\\d:\\d\\d\\.\\d{3}");

  private static List<String> toldInEnglish;

  @TempDir Path folder;

  @BeforeAll
  static void recordTheEnglishOutput() throws Exception {
    toldInEnglish = told(ENGLISH);
  }

  @ParameterizedTest
  @CsvSource({"tr_TR, Asia/Kathmandu", "ar_EG, Pacific/Apia", "fa_IR, America/St_Johns"})
  void theOutputIsTheSameInEveryLocale(String locale, String zone) throws Exception {
    List<String> abroad = abroad(locale, zone);
    assertEquals(toldInEnglish, told(abroad));
    requirePlainTimes(resetAsText(abroad));
  }

  private static List<String> told(List<String> place) throws Exception {
    return List.of(doctor(place), refusal(place), reset(place));
  }

  /** The JDK has texts alone, but this one it doesn't take from the C library. */
  @ParameterizedTest
  @CsvSource("tr_TR, Asia/Kathmandu")
  void theJdkTransportReportsAResetInEveryLocale(String locale, String zone) throws Exception {
    List<String> abroad = abroad(locale, zone);
    String jdk = "-Dkeepalive4j.transport=jdk";
    try (ServerSocket source = source();
        Keepalive backup = start(abroad, List.of(jdk), "watch", address(source), "--json")) {
      backup.awaitEvent("up");
      resetOne(source);
      assertEquals(0, backup.awaitEnd(), backup::output);
      EventLine failover = backup.events("failover").get(0);
      assertEquals("RESET", failover.text("cause"));
      assertEquals("ECONNRESET", failover.text("errno"));
    }
  }

  private List<String> abroad(String locale, String zone) throws Exception {
    Needs.program("localedef");
    Path compiled = folder.resolve(locale + ".UTF-8");
    List<String> compiler = List.of("localedef", "-i", locale, "-f", "UTF-8", compiled.toString());
    assertEquals(0, new ProcessBuilder(compiler).inheritIO().start().waitFor());
    return List.of(
        "env", "LOCPATH=" + folder, "LC_ALL=" + locale + ".UTF-8", "LANGUAGE=", "TZ=" + zone);
  }

  private static String doctor(List<String> place) throws Exception {
    try (Keepalive doctor = start(place, List.of(), "doctor")) {
      assertEquals(0, doctor.awaitEnd(), doctor::output);
      return doctor.output();
    }
  }

  private static String refusal(List<String> place) throws Exception {
    try (Keepalive backup = start(place, List.of(), "watch", "127.0.0.1:1", "--json")) {
      assertEquals(1, backup.awaitEnd(), backup::output);
      return steady(backup);
    }
  }

  private static String reset(List<String> place) throws Exception {
    try (ServerSocket source = source();
        Keepalive backup = start(place, List.of(), "watch", address(source), "--json")) {
      backup.awaitEvent("up");
      resetOne(source);
      assertEquals(0, backup.awaitEnd(), backup::output);
      assertEquals("RESET", backup.events("failover").get(0).text("cause"));
      return steady(backup);
    }
  }

  private static List<String> resetAsText(List<String> place) throws Exception {
    try (ServerSocket source = source();
        Keepalive backup = start(place, List.of(), "watch", address(source))) {
      backup.awaitError("up");
      resetOne(source);
      assertEquals(0, backup.awaitEnd(), backup::output);
      return backup.stderr().all();
    }
  }

  private static ServerSocket source() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  private static String address(ServerSocket source) {
    return "127.0.0.1:" + source.getLocalPort();
  }

  private static void resetOne(ServerSocket source) throws IOException {
    try (Socket backup = source.accept()) {
      backup.setSoLinger(true, 0);
    }
  }

  /** A run's output without the values that differ each time. */
  private static String steady(Keepalive backup) {
    StringBuilder told = new StringBuilder(TIME.matcher(backup.stderr().text()).replaceAll("TIME"));
    for (EventLine event : backup.events()) {
      Duration age = Duration.between(Instant.parse(event.text("at")), Instant.now());
      assertTrue(age.abs().compareTo(Duration.ofMinutes(1)) < 0, backup::output);
      ObjectNode lasting = event.json().deepCopy();
      lasting.remove(VOLATILE);
      told.append('\n').append(lasting);
    }
    assertTrue(backup.stdout().text().matches("\\p{ASCII}*"), backup::output);
    return told.toString();
  }

  private static void requirePlainTimes(List<String> lines) {
    assertEquals(2, lines.size(), lines::toString);
    for (String line : lines) {
      assertTrue(TIME.matcher(line).lookingAt() && line.matches("\\p{ASCII}*"), line);
    }
  }

  private static Keepalive start(List<String> place, List<String> jvmOptions, String... arguments)
      throws IOException {
    List<String> allOptions = new ArrayList<>(Keepalive.QUICK_START);
    allOptions.addAll(jvmOptions);
    List<String> command = new ArrayList<>(place);
    command.addAll(Keepalive.command(Jdk.java(), allOptions, arguments));
    return Keepalive.start(command);
  }
}
