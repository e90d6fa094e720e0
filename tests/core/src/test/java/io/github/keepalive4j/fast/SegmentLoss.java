package io.github.keepalive4j.fast;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.testkit.Host;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Loses exactly one segment: the quota lets the rule match once. */
public final class SegmentLoss {
  /** More than one segment with a byte of data and timestamps, less than two without. */
  private static final int QUOTA_BYTES = 70;

  private static final String TABLE =
      """
      add table inet one_loss
      delete table inet one_loss
      table inet one_loss {
        counter lost {}
        chain incoming {
          type filter hook prerouting priority -300; policy accept;
        }
      }
      """;

  private static final String RULE =
      """
      flush chain inet one_loss incoming
      add rule inet one_loss incoming %s quota %d bytes counter name "lost" drop
      """;

  private static final Pattern PACKETS = Pattern.compile("packets (\\d+)");

  private final Host receiver;
  private final String rule;

  private SegmentLoss(Host receiver, String match) {
    this.receiver = receiver;
    this.rule = RULE.formatted(match, QUOTA_BYTES);
  }

  /** Prepares to lose some of what a host receives and what an expression of nft(8) matches. */
  public static SegmentLoss of(Host receiver, String match) throws Exception {
    receiver.run("nft", TABLE);
    return new SegmentLoss(receiver, match);
  }

  /** Loses the next matching segment. */
  public void loseNext() throws Exception {
    receiver.run("nft", rule);
  }

  /** Returns how many segments were lost. */
  public int lost() throws Exception {
    Matcher packets =
        PACKETS.matcher(receiver.run("nft", "list", "counter", "inet", "one_loss", "lost"));
    assertTrue(packets.find());
    return Integer.parseInt(packets.group(1));
  }
}
