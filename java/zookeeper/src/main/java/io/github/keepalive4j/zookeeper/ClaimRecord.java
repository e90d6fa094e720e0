package io.github.keepalive4j.zookeeper;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.zookeeper.data.Stat;

/**
 * The record of one source on the ensemble: the latest claim on it.
 *
 * @param version the node's version; a takeover increments it, and so does the holder when it
 *     begins
 * @param token the fencing token: the base and the zxid of the transaction that won the claim,
 *     which is greater than every earlier zxid of the ensemble
 * @param claimId the claim's node below the record; empty before the first claim
 * @param hasBegun whether the holder has begun to act; until then a backup that lost against it may
 *     replace it once its claim has ended
 * @param createdZxid the transaction that made the node; another one after it was deleted
 * @param base what is added to each zxid of this record, so that a token on a rebuilt ensemble is
 *     greater than those of before, also where the record was copied there; 0 for nothing. Each
 *     holder takes it over or raises it.
 */
record ClaimRecord(
    int version,
    long token,
    String claimId,
    Holder holder,
    boolean hasBegun,
    long createdZxid,
    long base) {
  private static final String ROLE = "role";
  private static final String FAILSAFE = "failsafe";
  private static final String ADDRESS = "address";
  private static final String STATE = "state";
  private static final String BASE = "base";
  private static final String STOPPING = "stopping";
  private static final String SOURCE_CLAIMS = "source-claims";

  /**
   * Reads a record.
   *
   * @throws UnusableRecordException if the data isn't what {@link #encode} or {@link #encodeBegun}
   *     of this version or an earlier one has written
   */
  static ClaimRecord of(Stat stat, byte[] data) {
    if (data.length == 0) {
      return new ClaimRecord(
          stat.getVersion(), stat.getMzxid(), "", Holder.NONE, false, stat.getCzxid(), 0);
    }
    RecordFormat format = RecordFormat.parse(data);
    boolean hasBegun = format.token() != 0;
    long base = parseBase(format.fields().getOrDefault(BASE, "0"));
    long counted = base + stat.getMzxid();
    long token = hasBegun ? format.token() : counted;
    Holder.Role role = Holder.Role.of(format.fields().getOrDefault(ROLE, ""));
    return new ClaimRecord(
        stat.getVersion(),
        token,
        format.claimId(),
        new Holder(
            format.name(),
            role,
            role == Holder.Role.SOURCE || format.fields().containsKey(SOURCE_CLAIMS),
            failsafeMs(format),
            format.fields().getOrDefault(ADDRESS, "")),
        hasBegun,
        stat.getCzxid(),
        token > counted ? token : base); // copied from an ensemble that had counted further
  }

  private static long parseBase(String text) {
    try {
      long base = Long.parseLong(text);
      if (base >= 0 && base <= TokenFloor.MAX) {
        return base;
      }
    } catch (NumberFormatException e) {
      // as a number outside the range
    }
    throw new UnusableRecordException(
        "the record's base \"" + text + "\" is not a number from 0 to " + TokenFloor.MAX);
  }

  private static long failsafeMs(RecordFormat format) {
    String text = format.fields().getOrDefault(FAILSAFE, "0");
    try {
      return Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      throw new UnusableRecordException("the record's failsafe \"" + text + "\" is no time");
    }
  }

  /**
   * Returns the record's data from the win until the holder begins. The token isn't part of it: it
   * is the base and the zxid of this very write.
   */
  static byte[] encode(String claimId, long base, Holder holder) {
    return encodeBegun(claimId, base, 0, holder);
  }

  /** Returns the record's data once the holder has begun. */
  static byte[] encodeBegun(String claimId, long base, long token, Holder holder) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put(ROLE, holder.role().text());
    if (holder.sourceClaims() && holder.role() != Holder.Role.SOURCE) {
      fields.put(SOURCE_CLAIMS, "true");
    }
    if (holder.failsafeMs() > 0) {
      fields.put(FAILSAFE, Long.toString(holder.failsafeMs()));
    }
    if (base != 0) {
      fields.put(BASE, Long.toString(base));
    }
    if (!holder.address().isEmpty()) {
      fields.put(ADDRESS, holder.address());
    }
    return new RecordFormat(claimId, token, fields, holder.name()).encode();
  }

  /** Returns the data of the claim's node once its holder knows that it is superseded. */
  static byte[] encodeStopping(String claimId, Holder holder) {
    return new RecordFormat(claimId, 0, Map.of(STATE, STOPPING), holder.name()).encode();
  }

  /** Tells whether that is the data of a claim's node. */
  static boolean saysStopping(byte[] data) {
    return STOPPING.equals(RecordFormat.parse(data).fields().get(STATE));
  }

  /** Returns whether there has been a claim; its holder may have gone since. */
  boolean namesHolder() {
    return !claimId.isEmpty();
  }

  boolean isFor(String claim) {
    return claimId.equals(claim);
  }

  boolean isOfBackup() {
    return holder.role() == Holder.Role.BACKUP;
  }

  /**
   * Tells whether the node was deleted and made anew. A rebuilt ensemble may count up to the same
   * zxid, but the source that claims there goes back with its token or raises the base.
   */
  boolean isRemadeSince(ClaimRecord earlier) {
    return createdZxid != earlier.createdZxid
        || (earlier.namesHolder() && !namesHolder())
        || token < earlier.token
        || (base > earlier.base && !isOfBackup());
  }

  String describe() {
    return holder.name() + " (token " + token + ")";
  }
}
