package io.github.keepalive4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Usage errors: one line that names the argument and its range. */
@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD) // a mistake that passes may serve on
class UsageTest {
  private static final String SECONDS = "is not whole seconds from 1s to 32767s";
  private static final String TIMEOUT = "is not a time from 1ms to 2147483647ms";
  private static final String CLAIM_LIMIT = "is not a time from 1ms to 3600000ms";
  private static final String COUNT = "is not a number from 1 to 127";
  private static final String CONNECTIONS = "is not a number from 1 to 2147483647";
  private static final String PORT = "is not a number from 0 to 65535";
  private static final String PROCESS = "is not a number from 1 to 4194304";
  private static final String TARGET =
      "is not HOST:PORT (IPv6 in brackets) with a port from 1 to 65535";

  @ParameterizedTest
  @CsvSource(
      useHeadersInDisplayName = false,
      value = {
        "watch h:1 --idle 0s,            --idle,            " + SECONDS,
        "watch h:1 --idle 32768s,        --idle,            " + SECONDS,
        "watch h:1 --idle 1500ms,        --idle,            " + SECONDS,
        "watch h:1 --idle soon,          --idle,            " + SECONDS,
        "watch h:1 --interval 0s,        --interval,        " + SECONDS,
        "watch h:1 --interval 32768s,    --interval,        " + SECONDS,
        "watch h:1 --count 0,            --count,           " + COUNT,
        "watch h:1 --count 128,          --count,           " + COUNT,
        "watch h:1 --count many,         --count,           " + COUNT,
        "watch h:1 --connect-timeout 0ms, --connect-timeout, " + TIMEOUT,
        "watch h:1 --connect-timeout 2147483648ms, --connect-timeout, " + TIMEOUT,
        "watch h:0,                      HOST:PORT,         " + TARGET,
        "watch h:65536,                  HOST:PORT,         " + TARGET,
        "watch h,                        HOST:PORT,         " + TARGET,
        "watch ::1:9999,                 HOST:PORT,         " + TARGET,
        "watch,                          HOST:PORT,         Missing required parameter",
        "watch h:1 --detect-within 0ms, --detect-within, " + TIMEOUT,
        "watch h:1 --detect-within 1ms, --detect-within, the smallest budget is",
        "watch h:1 --detect-within 33h --liveness process, --detect-within, to PT32H",
        "watch h:1 --detect-within 1s --count 3, --count, goes without",
        "watch h:1 --detect-within 1s --liveness dead, --liveness, is neither host nor process",
        "watch h:1 --fence-timeout 1s, --fence-timeout, goes with --fence",
        "watch h:1 --fence-retries 1, --fence-retries, goes with --fence",
        "watch h:1 --fence true --fence-timeout 60m --fence-retries 12, --fence-retries, not at most 720",
        "watch h:1 --journal-timeout 1s, --journal-timeout, goes with --journal",
        "serve --journal /dev/null --journal-timeout 0ms, --journal-timeout, " + CLAIM_LIMIT,
        "watch h:1 --fence true --fence-timeout 61m, --fence-timeout, " + CLAIM_LIMIT,
        "watch h:1 --source-id vm1, --source-id, goes with --zookeeper",
        "watch h:1 --zookeeper zk:2181, --zookeeper, goes with --source-id",
        "watch h:1 --zookeeper zk --source-id vm1, --zookeeper, " + TARGET,
        "watch h:1 --zookeeper /vms --source-id vm1, --zookeeper, 'is not HOST:PORT,HOST:PORT,'",
        "watch h:1 --zookeeper zk:2181/a/../b --source-id v, --zookeeper, relative paths not allowed",
        "watch h:1 --zookeeper zk:2181/a/ --source-id v, --zookeeper, must not end with /",
        "watch h:1 --zookeeper zk:2181 --source-id a/b, --source-id, is not 1 to 128 letters",
        "watch h:1 --takeover-after 5s, --takeover-after, goes with --zookeeper",
        "watch h:1 --on-failover x --advertise h:2, --advertise, goes with --zookeeper",
        "watch h:1 --zookeeper zk:1 --source-id a --advertise h:2, --advertise, goes with --on-failover or --qmp",
        "watch h:1 --zookeeper zk:1 --source-id a --on-failover x --advertise [::]:2, --advertise, is no address",
        "watch h:1 --zookeeper zk:1 --source-id a --on-failover x --advertise [::0]:2, --advertise, is no address",
        "watch h:1 --zookeeper zk:1 --source-id a --on-failover x --advertise 0:2, --advertise, is no address",
        "watch h:1 --zookeeper zk:1 --source-id a --on-failover x --advertise h:1, --advertise, is the source's address",
        "watch h:1 --failsafe, --failsafe, goes with --zookeeper",
        "watch h:1 --zookeeper zk:1 --source-id a --failsafe, --failsafe, goes with --advertise",
        "watch h:1 --zookeeper zk:1 --source-id a --advertise h:2 --failsafe, --advertise, goes with --on-failover",
        "watch h:1 --advertise h:0, --advertise, " + TARGET,
        "watch h:1 --grant-when-unavailable, --grant-when-unavailable, goes with --zookeeper",
        "watch h:1 --live-holder await, --live-holder, goes with --zookeeper",
        "watch h:1 --zookeeper zk:1 --source-id a --live-holder no, --live-holder, is neither await nor revoke",
        "watch h:1 --release-timeout 1s, --release-timeout, goes with --zookeeper",
        "watch h:1 --acknowledge-timeout 1s, --acknowledge-timeout, goes with --zookeeper",
        "watch h:1 --token-floor f, --token-floor, goes with --zookeeper",
        "watch h:1 --zookeeper zk:1 --source-id a --token-floor /none/f, --token-floor, there is no directory /none",
        "serve --zookeeper zk:1 --source-id a --token-floor /dev/null, --token-floor, is no regular file",
        "serve --zookeeper zk:1 --source-id a --token-floor /proc/version, --token-floor, /proc/version has",
        "serve --on-claim-won true, --on-claim-won, goes with --zookeeper",
        "serve --on-claim-lost true, --on-claim-lost, goes with --zookeeper",
        "serve --wait forever, --wait, goes with --zookeeper",
        "serve --failsafe, --failsafe, goes with --zookeeper",
        "serve --zookeeper zk:2181 --source-id vm1 --stop-timeout 1s, --stop-timeout, goes with --on-claim-won",
        "serve --zookeeper zk:2181 --source-id vm1 --on-claim-won=, --on-claim-won, is no command",
        "serve --zookeeper zk:2181 --source-id vm1 --on-claim-lost=, --on-claim-lost, is no command",
        "serve --claim-timeout 1s, --claim-timeout, goes with --zookeeper",
        "serve --zookeeper-config /none, --zookeeper-config, goes with --zookeeper",
        "serve --zookeeper zk:2181, --zookeeper, goes with --source-id",
        "watch h:1 --liveness host, --liveness, goes with --detect-within",
        "watch --realtime,               HOST:PORT,         Missing required parameter",
        "watch --realtime h:0,           HOST:PORT,         " + TARGET,
        "watch h:1 --realtime -5,        --realtime,        is not a number from 1 to 99",
        "watch h:1 --realtime 0,         --realtime,        is not a number from 1 to 99",
        "serve --realtime 100,           --realtime,        is not a number from 1 to 99",
        "serve --realtime=high,          --realtime,        is not a number from 1 to 99",
        "watch h:1 --metrics -1,         --metrics,         " + PORT,
        "watch h:1 --metrics 65536,      --metrics,         " + PORT,
        "watch h:1 --metrics-bind ::1,   --metrics-bind,    goes with --metrics",
        "serve --metrics-bind 127.0.0.1, --metrics-bind,    goes with --metrics",
        "serve --pid-file /dev,           --pid-file,        /dev is no regular file",
        "serve --pid-file /dev/null,      --pid-file,        /dev/null is no regular file",
        "serve --pid-file /etc/passwd,    --pid-file,        has no process number from 1 to 2147483647",
        "serve --pid-file a --qmp b,      --pid-file,        goes without --qmp",
        "serve --qmp tcp:h,               --qmp,             tcp:h",
        "serve --health-interval 0s, --health-interval, " + TIMEOUT,
        "serve --port -1,                --port,            " + PORT,
        "serve --port 65536,             --port,            " + PORT,
        "serve --bind 1.2.3.400,         --bind,            is not an IP address",
        "serve --allow 10.0.0.0/33,      --allow,           has a prefix length that is not from 0 to 32",
        "serve --allow 10.0.0.1/8,       --allow,           10.0.0.0/8 has none",
        "'serve --allow ::1,there',      --allow,           is not a network such as",
        "serve --max-connections 0,      --max-connections, " + CONNECTIONS,
        "serve --max-connections 2147483648, --max-connections, " + CONNECTIONS,
        "serve --max-connections-per-address 0, --max-connections-per-address, " + CONNECTIONS,
        "serve --md5-key-file /none,     --md5-key-file,    there is no file /none",
        "watch h:1 --md5-key-file /none, --md5-key-file,    there is no file /none",
        "watch h:1 --md5-key-file /dev/null, --md5-key-file, 'has 0 bytes, not 1 to 80'",
        "serve --md5-key-file /dev/zero, --md5-key-file,    'has more than 80 bytes, not 1 to 80'",
        "serve --md5-key-file /,         --md5-key-file,    directory",
        "doctor --source-id vm1,         --source-id,       goes with --zookeeper",
        "doctor --qmp-action cont,       --qmp-action,      goes with --qmp",
        "sockets --pid 0,                --pid,             " + PROCESS,
        "sockets --pid 4194305,          --pid,             " + PROCESS,
        "sockets --pid java,             --pid,             " + PROCESS,
        "sockets --within 30s,           --within,          goes with --pid",
        "sockets --pid 1 --end-stuck,    --end-stuck,       goes with --within",
        "sockets --pid 1 --watch,        --watch,           goes with --within",
        "sockets --within 30s --watch,   --within,          goes with --pid",
        "sockets --pid 1 --to 10.0.0.0/8, --to,             comes before any budget",
        "sockets --pid 1 --within 3374ms, --within,         from 3375ms to 1d",
        "sockets --pid 1 --within 25h,   --within,          from 3375ms to 1d",
        "sockets --pid 1 --within soon,  --within,          has no time such as",
        "sockets --pid 1 --within 30s --to 10.0.0.0/33, --to, not from 0 to 32",
        "sockets --pid 1 --within 30s --to [::1]:0, --to,   not from 1 to 65535",
        "'sockets --pid 1 --within 30s,end-stuck', --within, has a comma",
        "sockets --pid 1 --within 30s --within 1m, --within, never applies",
        "sockets --pid 1 --within 30s --to, --to,           Missing required parameter",
        "serve --frob,                   --frob,            Unknown option",
        "'',                             a command,         'serve, watch, sockets, demo, doctor'"
      })
  void aMistakeGivesOneLineAndStatusTwo(String arguments, String name, String range) {
    String error = refusal(split(arguments));
    assertEquals(1, error.lines().count(), error);
    assertTrue(error.contains(name), error);
    assertTrue(error.contains(range), error);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "watch h:1 --idle 0s", "serve --wait forever"})
  void theJarSaysTheSame(String arguments) throws Exception {
    try (Keepalive command = run(arguments)) {
      assertEquals(2, command.awaitEnd(), command::output);
      assertEquals(refusal(split(arguments)), command.stderr().text() + "\n");
      assertEquals("", command.stdout().text());
    }
  }

  @ParameterizedTest
  @CsvSource({"watch h:1, --on-failover", "watch h:1, --fence", "serve, --health"})
  void aBlankCommandIsRefused(String command, String option) {
    for (String blank : List.of("", " ")) {
      List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
      arguments.addAll(List.of(option, blank));
      String error = refusal(arguments.toArray(String[]::new));
      String expected = "'" + option + "'.*: '" + blank + "' is no command";
      assertTrue(error.strip().matches(".*" + expected), error);
    }
  }

  /** Port 1 refuses, so that what is within its range ends with another status. */
  @ParameterizedTest
  @CsvSource({
    "watch 127.0.0.1:1 --idle 1s --interval 1000ms --count 1 --connect-timeout 1ms",
    "watch 127.0.0.1:1 --idle 32767s --interval 32767s --count 127 --connect-timeout 2147483647ms",
    "watch 127.0.0.1:1 --idle 2m --interval 1h",
    "watch [::1]:1",
    "watch no-such-host.invalid:65535"
  })
  void anUnreachableSourceGivesOneLineAndStatusOne(String arguments) throws Exception {
    try (Keepalive command = run(arguments)) {
      assertEquals(1, command.awaitEnd(), command::output);
      assertEquals(1, command.stderr().all().size(), command::output);
      assertTrue(command.stderr().text().contains("error"), command::output);
      assertEquals("", command.stdout().text());
    }
  }

  private static Keepalive run(String arguments) throws IOException {
    return Keepalive.run(split(arguments));
  }

  private static String[] split(String arguments) {
    return arguments.isEmpty() ? new String[0] : arguments.split(" ");
  }

  /** What the command says to the arguments, in this JVM. */
  private static String refusal(String... arguments) {
    Answer answer = Answer.to(arguments);
    assertEquals(2, answer.status(), answer.error());
    assertEquals("", answer.out());
    return answer.error();
  }
}
