package io.github.keepalive4j.zookeeper;

import java.nio.charset.StandardCharsets;
import org.apache.zookeeper.data.Stat;

/**
 * The time between two takeovers, as the record of a source has it.
 *
 * @param version the record's, which each takeover increments, and the holder once more when it
 *     begins
 * @param token the transaction that won it: greater than any earlier one of the ensemble's
 * @param claimId whose claim it is; empty before the first
 * @param holder the holder's name
 * @param hasBegun whether the holder has begun to act; until then whom it has beaten may end it
 */
record ClaimRecord(int version, long token, String claimId, String holder, boolean hasBegun) {
  private static final char TOKEN_MARK = ' ';
  private static final char HOLDER_MARK = '\n';

  static ClaimRecord of(Stat stat, byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    int holder = text.indexOf(HOLDER_MARK);
    if (holder < 0) {
      return new ClaimRecord(stat.getVersion(), stat.getMzxid(), "", "", false);
    }
    String claim = text.substring(0, holder);
    int token = claim.indexOf(TOKEN_MARK);
    return new ClaimRecord(
        stat.getVersion(),
        token < 0 ? stat.getMzxid() : Long.parseLong(claim.substring(token + 1)),
        token < 0 ? claim : claim.substring(0, token),
        text.substring(holder + 1),
        token >= 0);
  }

  /** What the record says of who has won and not begun: its token is the writing itself. */
  static byte[] encode(String claimId, String holder) {
    return (claimId + HOLDER_MARK + holder).getBytes(StandardCharsets.UTF_8);
  }

  /** What the record says of who has begun. */
  static byte[] encodeBegun(String claimId, long token, String holder) {
    return encode(claimId + TOKEN_MARK + token, holder);
  }

  boolean isHeld() {
    return !claimId.isEmpty();
  }

  boolean isOn(String claim) {
    return claimId.equals(claim);
  }

  String describe() {
    return holder + " (token " + token + ")";
  }
}
