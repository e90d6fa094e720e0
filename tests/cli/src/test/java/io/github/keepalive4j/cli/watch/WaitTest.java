package io.github.keepalive4j.cli.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.cli.Sources;
import io.github.keepalive4j.support.FailingSource;
import io.github.keepalive4j.support.UnusedAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A backup that is started before its source. */
@Timeout(60)
class WaitTest {
  private static Keepalive watch(String source, String time) throws IOException {
    return Keepalive.run("watch", source, "--json", "--wait", time);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1m", "forever"})
  void itWatchesTheSourceThatComesInTime(String time) throws Exception {
    InetSocketAddress address = UnusedAddress.find();
    try (Keepalive backup = watch("127.0.0.1:" + address.getPort(), time)) {
      backup.awaitEvent("error");
      try (FailingSource source = new FailingSource(address)) {
        source.accept();
        backup.awaitEvent("up");
      }
      assertEquals(0, backup.awaitEnd(), backup::output);
      assertEquals(List.of("error", "up", "failover"), backup.eventTypes());
    }
  }

  @Test
  void itEndsWhereNoSourceComesInTime() throws Exception {
    try (Keepalive backup = watch(UnusedAddress.text(), "100ms")) {
      assertEquals(1, backup.awaitEnd(), backup::output);
      assertEquals(List.of("error", "error"), backup.eventTypes());
      assertEquals(
          "the source didn't come in the time of --wait",
          backup.events("error").get(1).text("message"));
    }
  }

  @Test
  void theSourceIsTriedOnceHoweverShortTheTime() throws Exception {
    try (Sources.Listening source = Sources.onLoopback();
        Keepalive backup = watch(source.address(), "1ms")) {
      backup.awaitEvent("up");
    }
  }
}
