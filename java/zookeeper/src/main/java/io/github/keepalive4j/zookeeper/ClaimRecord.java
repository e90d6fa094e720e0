package io.github.keepalive4j.zookeeper;

import java.nio.charset.StandardCharsets;
import org.apache.zookeeper.data.Stat;

/**
 * The record of one source on the ensemble: the latest claim on it.
 *
 * @param version the node's version; a takeover increments it, and so does the holder when it
 *     begins
 * @param token the fencing token: the zxid of the transaction that won the claim, which is greater
 *     than every earlier zxid of the ensemble
 * @param claimId the claim's node below the record; empty before the first claim
 * @param holder the holder's name
 * @param hasBegun whether the holder has begun to act; until then a backup that lost against it may
 *     replace it once its claim has ended
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

  /**
   * Returns the record's data from the win until the holder begins. The token isn't part of it: it
   * is the zxid of this very write.
   */
  static byte[] encode(String claimId, String holder) {
    return (claimId + HOLDER_MARK + holder).getBytes(StandardCharsets.UTF_8);
  }

  /** Returns the record's data once the holder has begun. */
  static byte[] encodeBegun(String claimId, long token, String holder) {
    return encode(claimId + TOKEN_MARK + token, holder);
  }

  /** Returns whether there has been a claim; its holder may have gone since. */
  boolean namesHolder() {
    return !claimId.isEmpty();
  }

  boolean isFor(String claim) {
    return claimId.equals(claim);
  }

  String describe() {
    return holder + " (token " + token + ")";
  }
}
