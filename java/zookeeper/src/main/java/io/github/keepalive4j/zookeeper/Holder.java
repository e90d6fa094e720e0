package io.github.keepalive4j.zookeeper;

import java.util.Locale;

/**
 * Who holds a claim, as the record says it.
 *
 * @param name this side's name
 * @param role what the holder is to those who read the record
 * @param sourceClaims whether a source has ever held this claim: then none serves without one
 * @param failsafeMs how long its backups promise to hold back while the ensemble doesn't answer; 0
 *     for a holder without a failsafe mode
 * @param address where a backup that took over serves in its turn; empty where it doesn't
 */
record Holder(String name, Role role, boolean sourceClaims, long failsafeMs, String address) {
  /** Nobody. */
  static final Holder NONE = new Holder("", Role.UNKNOWN);

  /** Makes a holder without a failsafe mode, of whose predecessors nothing is known. */
  Holder(String name, Role role) {
    this(name, role, role == Role.SOURCE, 0);
  }

  /** Makes a holder that advertises no address. */
  Holder(String name, Role role, boolean sourceClaims, long failsafeMs) {
    this(name, role, sourceClaims, failsafeMs, "");
  }

  /** What a holder is. */
  enum Role {
    /** It serves: backups connect to it. */
    SOURCE,
    /** It took over from a source. Backups may still be connected to that source. */
    BACKUP,
    /** The record is of a version that doesn't say. */
    UNKNOWN;

    /** Returns the role's name in a record. */
    String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Role of(String text) {
      for (Role role : values()) {
        if (role.text().equals(text)) {
          return role;
        }
      }
      return UNKNOWN;
    }
  }

  /** Returns the same holder in another role. */
  Holder as(Role newRole) {
    return new Holder(name, newRole, sourceClaims || newRole == Role.SOURCE, failsafeMs, address);
  }

  /** Returns the same holder, who has replaced another one. */
  Holder after(Holder replaced) {
    return new Holder(name, role, sourceClaims || replaced.sourceClaims, failsafeMs, address);
  }

  /** Returns the same holder with a failsafe mode, or without one for 0. */
  Holder withFailsafe(long newFailsafeMs) {
    return new Holder(name, role, sourceClaims, newFailsafeMs, address);
  }

  /** Returns the same holder, who serves at an address. */
  Holder at(String newAddress) {
    return new Holder(name, role, sourceClaims, failsafeMs, newAddress);
  }

  /** Tells whether a link to that address is a link to this holder. */
  boolean isAt(String other) {
    return !address.isEmpty() && address.equals(other);
  }
}
