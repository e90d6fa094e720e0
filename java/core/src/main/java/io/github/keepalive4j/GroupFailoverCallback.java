package io.github.keepalive4j;

import java.util.List;

/** What a backup does when enough of its links to one source have failed. */
@FunctionalInterface
public interface GroupFailoverCallback {
  /**
   * Takes over. Called at most once for a group of links.
   *
   * @param failures the links' failures, in the order of their verdicts' delivery
   * @throws Exception goes to the monitor's error handler
   */
  void onFailover(List<Failure> failures) throws Exception;

  /**
   * Stops what was started, as {@link FailoverCallback#onClaimLost}.
   *
   * @param failures the failures, each with the {@linkplain Failure#claim() claim}
   * @param reason how the claim was lost, for people to read
   * @throws Exception goes to the monitor's error handler
   */
  default void onClaimLost(List<Failure> failures, String reason) throws Exception {}

  /**
   * The guard declined: enough links have failed, and no failover follows.
   *
   * @param failures the failures
   * @param reason why, for people to read
   * @throws Exception goes to the monitor's error handler
   */
  default void onDeclined(List<Failure> failures, String reason) throws Exception {}
}
