package io.github.keepalive4j.cli.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.cli.Keepalive;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Error messages for wrong QEMU options. */
class QemuUsageTest {
  private static final String TIMEOUT = "is not a time from 1ms to 86400000ms";

  @ParameterizedTest
  @CsvSource(
      useHeadersInDisplayName = false,
      value = {
        "--qmp-action cont,                  --qmp-action goes with --qmp",
        "--qmp-timeout 1s,                   --qmp-timeout goes with --qmp",
        "--qmp /q --qmp-action stop,         'none of cont, colo-secondary and colo-primary'",
        "--qmp /q --qmp-timeout 0ms,         " + TIMEOUT,
        "--qmp /q --qmp-timeout 86400001ms,  " + TIMEOUT,
        "--qmp tcp:4444,                     must be tcp:HOST:PORT",
        "--qmp tcp:localhost:0,              must be between 1 and 65535",
        "--qmp tcp:no-such-host.invalid:1,   unknown host no-such-host.invalid",
        "--qmp unix:,                        must not be blank"
      })
  void aMistakeGivesOneLineAndStatusTwo(String options, String part) throws Exception {
    try (Keepalive command = Keepalive.run(("watch h:1 " + options).split(" "))) {
      assertEquals(2, command.awaitEnd(), command::output);
      assertEquals(1, command.stderr().all().size(), command::output);
      assertTrue(command.stderr().text().contains(part), command::output);
      assertEquals("", command.stdout().text());
    }
  }
}
