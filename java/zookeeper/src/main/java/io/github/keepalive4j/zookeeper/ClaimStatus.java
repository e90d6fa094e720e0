package io.github.keepalive4j.zookeeper;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** Who holds the claim on a source, as a {@link ClaimWatch} has seen it. Immutable. */
public final class ClaimStatus {
  /** Before the first answer, and while the ensemble gives none. */
  static final ClaimStatus UNKNOWN = new ClaimStatus(null, false, false, 0);

  private final ClaimRecord record; // null while it isn't known
  private final boolean held;
  private final boolean own;
  private final long sinceNs;

  private ClaimStatus(ClaimRecord record, boolean held, boolean own, long sinceNs) {
    this.record = record;
    this.held = held;
    this.own = own;
    this.sinceNs = sinceNs;
  }

  /** Makes the status that begins now, or returns this one where nothing has changed. */
  ClaimStatus next(ClaimRecord now, boolean isHeld, boolean isOwn) {
    return now.equals(record) && isHeld == held
        ? this
        : new ClaimStatus(now, isHeld, isOwn, System.nanoTime());
  }

  ClaimRecord record() {
    return record;
  }

  /**
   * Tells whether the ensemble has answered.
   *
   * @return false before the first answer, and while the ensemble can't be asked
   */
  public boolean isKnown() {
    return record != null;
  }

  /**
   * Tells whether somebody holds the claim. The session of a holder that died outlives it.
   *
   * @return true while the latest claim is neither released nor its session expired; false while
   *     the status isn't known
   */
  public boolean isHeld() {
    return held;
  }

  /**
   * Tells whether the guard of this watch holds the claim.
   *
   * @return true while it does; false while the status isn't known
   */
  public boolean isOwn() {
    return held && own;
  }

  /**
   * Tells whether the latest claim's holder has begun to act on it.
   *
   * @return false before the first claim, and for a winner that has not called its callback
   */
  public boolean hasBegun() {
    return isKnown() && record.hasBegun();
  }

  /**
   * Returns the fencing token of the latest claim, whether it is held or has ended.
   *
   * @return the token; empty before the first claim, and while the status isn't known
   */
  public OptionalLong token() {
    return isKnown() && record.namesHolder()
        ? OptionalLong.of(record.token())
        : OptionalLong.empty();
  }

  /**
   * Returns the name of the latest claim's holder.
   *
   * @return as {@link ZooKeeperGuard.Builder#holder} was set; empty as {@link #token()}
   */
  public Optional<String> holder() {
    return token().isPresent() ? Optional.of(record.holder().name()) : Optional.empty();
  }

  /**
   * Returns where the holder of the latest claim serves, if it took over and {@linkplain
   * ClaimWatch#advertise advertises} that.
   *
   * @return the address as the holder wrote it; empty for a source
   */
  public Optional<String> address() {
    return isKnown() && !record.holder().address().isEmpty()
        ? Optional.of(record.holder().address())
        : Optional.empty();
  }

  /**
   * Tells whether the latest claim is a source's, to which backups connect.
   *
   * @return false for a backup that took over, and where the record doesn't say
   */
  public boolean isSource() {
    return isKnown() && record.holder().role() == Holder.Role.SOURCE;
  }

  /**
   * Tells whether a source has ever claimed. Then the claim's end is the end of what it stood for,
   * also where its host still answers: it doesn't serve without a claim.
   *
   * @return false where only backups have claimed so far, and while the status isn't known
   */
  public boolean sourceClaims() {
    return isKnown() && record.holder().sourceClaims();
  }

  /**
   * Returns for how long nobody has held the claim, as far as this side has seen without a gap.
   *
   * @return the time since the claim's end was seen; zero while it is held or the status isn't
   *     known
   */
  public Duration vacantFor() {
    return isKnown() && !held ? Duration.ofNanos(System.nanoTime() - sinceNs) : Duration.ZERO;
  }

  @Override
  public String toString() {
    if (!isKnown()) {
      return "ClaimStatus[unknown]";
    }
    String holder = record.namesHolder() ? record.describe() : "nobody so far";
    return "ClaimStatus[" + (held ? "held by " : "vacant after ") + holder + "]";
  }
}
