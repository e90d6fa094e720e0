package io.github.keepalive4j.fast;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.support.RequiresLab;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The probes of many links: spread over the interval, whenever the links came. */
@RequiresLab
class ProbeSpreadTest {
  private static final Duration INTERVAL = Duration.ofMillis(400);
  private static final int LINKS = 200;
  private static final int PARTS = 10;

  /** A machine that pauses bunches the probes of its pause, once. */
  private static final int MOST_LOOKS = 10;

  @Test
  void probesAreNotBunched() throws Exception {
    KeepaliveOptions options =
        KeepaliveOptions.detectWithin(Duration.ofSeconds(2)).toBuilder()
            .probe(INTERVAL, Duration.ofSeconds(1))
            .build();
    try (Testbed lab = Testbed.open()) {
      List<WatchedLink> links = new ArrayList<>();
      for (int i = 0; i < LINKS; i++) {
        links.add(lab.watch(options));
      }
      int[] sent;
      int looks = 0;
      do {
        links.get(0).assertNoFailoverFor(INTERVAL.multipliedBy(2)); // until each has probed twice
        sent = probesByPartOfInterval(links);
        looks++;
      } while (!isEven(sent) && looks < MOST_LOOKS);
      assertTrue(isEven(sent), asText(sent));
    }
  }

  private static boolean isEven(int[] sent) {
    return Arrays.stream(sent)
        .allMatch(inPart -> inPart >= LINKS / PARTS / 2 && inPart <= LINKS / PARTS * 2);
  }

  /** Looks at all links at one moment: how long ago was each one's last probe? */
  private static int[] probesByPartOfInterval(List<WatchedLink> links) throws Exception {
    int[] sent = new int[PARTS];
    for (WatchedLink link : links) {
      long agoMs = link.socket().tcpInfo().sinceDataSent().toMillis();
      sent[(int) Math.min(PARTS - 1, agoMs * PARTS / INTERVAL.toMillis())]++;
    }
    return sent;
  }

  private static String asText(int[] sent) {
    return "probes by tenth of the interval: " + Arrays.toString(sent);
  }
}
