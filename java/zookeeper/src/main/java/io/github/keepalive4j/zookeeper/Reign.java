package io.github.keepalive4j.zookeeper;

import java.nio.charset.StandardCharsets;
import org.apache.zookeeper.data.Stat;

/**
 * The time between two takeovers, as the record of a source has it.
 *
 * @param version the record's, which each takeover increments
 * @param token the transaction that began it: greater than any earlier one of the ensemble's
 * @param claimId whose claim it is; empty before the first
 * @param holder the holder's name
 */
record Reign(int version, long token, String claimId, String holder) {
  static Reign of(Stat stat, byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    int end = text.indexOf('\n');
    return end < 0
        ? new Reign(stat.getVersion(), stat.getMzxid(), "", "")
        : new Reign(
            stat.getVersion(), stat.getMzxid(), text.substring(0, end), text.substring(end + 1));
  }

  static byte[] encode(String claimId, String holder) {
    return (claimId + "\n" + holder).getBytes(StandardCharsets.UTF_8);
  }

  boolean isHeld() {
    return !claimId.isEmpty();
  }

  String describe() {
    return holder + " (token " + token + ")";
  }
}
