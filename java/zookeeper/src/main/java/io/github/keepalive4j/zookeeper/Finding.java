package io.github.keepalive4j.zookeeper;

import org.jspecify.annotations.Nullable;

/**
 * What a watch has found on the ensemble.
 *
 * @param isHeldByBackup whether the record names another backup that has begun, and its claim
 *     stands
 * @param refusal why the ensemble would refuse a takeover; null if it wouldn't
 */
record Finding(ClaimRecord record, boolean isHeldByBackup, @Nullable String refusal) {
  Finding refused(String why) {
    return new Finding(record, isHeldByBackup, why);
  }
}
