package io.github.keepalive4j.zookeeper;

import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.FailingSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.curator.test.InstanceSpec;
import org.apache.curator.test.TestingServer;
import org.apache.zookeeper.client.FourLetterWordMain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Guards leave nothing on the ensemble's servers. */
@Timeout(60)
class ServerWatchesTest {
  private static final Pattern TOTAL = Pattern.compile("Total watches:(\\d+)");
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir private Path directory;

  @Test
  void neitherArmingNorATakeoverLeavesAWatchBehind() throws Exception {
    InstanceSpec spec =
        new InstanceSpec(
            null, -1, -1, -1, true, -1, 300, -1, Map.of("4lw.commands.whitelist", "wchs"));
    try (TestingServer server = new TestingServer(spec, true);
        FailingSource links = new FailingSource();
        Backup backup =
            Backup.open("backup", directory, server.getConnectString(), builder -> builder)) {
      backup.awaitConnected();
      takeOver(backup, links);
      long before = watches(server);
      for (int i = 0; i < 20; i++) {
        backup.guard().arm();
      }
      for (int i = 0; i < 5; i++) {
        takeOver(backup, links);
      }
      Eventually.await(
          "the end of the watches beyond " + before, LIMIT, () -> watches(server) <= before);
    } finally {
      ServerConfigurations.delete(spec);
    }
  }

  private static void takeOver(Backup backup, FailingSource links) throws Exception {
    backup.watch(links);
    links.failOne();
    backup.expect("callback");
    backup.release();
  }

  private static long watches(TestingServer server) throws Exception {
    String answer = FourLetterWordMain.send4LetterWord("127.0.0.1", server.getPort(), "wchs");
    Matcher total = TOTAL.matcher(answer);
    if (!total.find()) {
      throw new AssertionError(answer);
    }
    return Long.parseLong(total.group(1));
  }
}
