package io.github.keepalive4j.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Every option that has a range: one below, at and one above each bound, as it is parsed. */
class OptionBoundsTest {
  private static final String WATCH = "watch h:1 ";

  @ParameterizedTest
  @CsvSource({
    "watch h:1, --idle,            0s,  1s,  32767s,       32768s",
    "watch h:1, --interval,        0s,  1s,  32767s,       32768s",
    "watch h:1, --count,           0,   1,   127,          128",
    "watch h:1, --connect-timeout, 0ms, 1ms, 2147483647ms, 2147483648ms",
    "watch h:1, --detect-within,   0ms, 1ms, 2147483647ms, 2147483648ms",
    "watch h:1, --qmp-timeout,     0ms, 1ms, 86400000ms,   86400001ms",
    "watch h:1, --confirm,         0ms, 1ms, 86400000ms,   86400001ms",
    "watch h:1, --takeover-after,  0ms, 1ms, 86400000ms,   86400001ms",
    "watch h:1, --acknowledge-timeout, 0ms, 1ms, 3600000ms, 3600001ms",
    "watch h:1, --release-timeout, 0ms, 1ms, 3600000ms,    3600001ms",
    "watch h:1, --fence-retries,   -1,  0,   100,          101",
    "serve,     --stop-timeout,    0ms, 1ms, 3600000ms,    3600001ms",
    "serve,     --wait,            0ms, 1ms, 86400000ms,   86400001ms",
    "serve,     --health-interval, 0ms, 1ms, 2147483647ms, 2147483648ms",
    "serve,     --shed-after,      2s,  3s,  86400s,       86401s",
    "watch h:1, --realtime,        0,   1,   99,           100",
    "serve,     --realtime,        0,   1,   99,           100",
    "serve,     --port,            -1,  0,   65535,        65536",
    "sockets,   --pid,             0,   1,   4194304,      4194305",
  })
  void anOptionIsAcceptedOnlyWithinItsRange(
      String command, String option, String below, String min, String max, String above) {
    assertDoesNotThrow(() -> parse(command + " " + option + " " + min));
    assertDoesNotThrow(() -> parse(command + " " + option + " " + max));
    assertRefused(command + " " + option + " " + below, option, below, min, max);
    assertRefused(command + " " + option + " " + above, option, above, min, max);
  }

  /** What follows an option that may be without a value isn't taken for one. */
  @ParameterizedTest
  @ValueSource(
      strings = {"--realtime h:1", "--realtime 5 h:1", "--realtime=5 h:1", "h:1 --realtime"})
  void realTimeNeedsNoPriority(String arguments) {
    assertDoesNotThrow(() -> parse("watch " + arguments));
    assertDoesNotThrow(() -> parse("watch --detect-within 1s " + arguments));
  }

  @ParameterizedTest
  @CsvSource({"h:0, h:1, h:65535, h:65536", "[::1]:0, [::1]:1, [::1]:65535, [::1]:65536"})
  void theSourcesPortHasARange(String below, String min, String max, String above) {
    assertDoesNotThrow(() -> parse("watch " + min));
    assertDoesNotThrow(() -> parse("watch " + max));
    assertRefused("watch " + below, "HOST:PORT", below, "1", "65535");
    assertRefused("watch " + above, "HOST:PORT", above, "1", "65535");
  }

  @Test
  void thePortToAdvertiseHasARange() {
    assertDoesNotThrow(() -> parse(WATCH + "--advertise h:1"));
    assertDoesNotThrow(() -> parse(WATCH + "--advertise [::1]:65535"));
    assertRefused(WATCH + "--advertise h:0", "--advertise", "h:0", "1", "65535");
    assertRefused(WATCH + "--advertise h:65536", "--advertise", "h:65536", "1", "65535");
  }

  @Test
  void theTimeToFindADeadPeerHasARange() {
    assertDoesNotThrow(() -> parse("sockets --pid 1 --within 3375ms --to *:1"));
    assertDoesNotThrow(() -> parse("sockets --pid 1 --within 1d --to *:65535 --to [::1]/128"));
    for (String wrong : List.of("3374ms", "86400001ms")) {
      String message =
          assertThrows(ParameterException.class, () -> parse("sockets --pid 1 --within " + wrong))
              .getMessage();
      assertTrue(message.contains("option '--within'"), message);
      assertTrue(message.contains(wrong + " is not from 3375ms to 1d"), message);
    }
  }

  /** Numbers that don't fit any type are out of range like others. */
  @ParameterizedTest
  @CsvSource({
    "--idle, 999999999999h, 1s, 32767s",
    "--idle, 9999999999999s, 1s, 32767s",
    "--idle, -1s, 1s, 32767s",
    "--count, 4294967297, 1, 127",
    "--count, 99999999999999999999, 1, 127",
    "--connect-timeout, 999999999999h, 1ms, 2147483647ms",
  })
  void aNumberThatWouldOverflowIsOutOfRange(String option, String value, String min, String max) {
    assertRefused(WATCH + option + " " + value, option, value, min, max);
  }

  private static void assertRefused(
      String arguments, String name, String value, String min, String max) {
    String message = assertThrows(ParameterException.class, () -> parse(arguments)).getMessage();
    assertTrue(message.contains(name), message);
    assertTrue(message.contains("'" + value + "'"), message);
    assertTrue(message.contains(" from " + min + " to " + max), message);
  }

  private static void parse(String arguments) {
    new CommandLine(new KeepaliveCommand()).parseArgs(arguments.split(" "));
  }
}
