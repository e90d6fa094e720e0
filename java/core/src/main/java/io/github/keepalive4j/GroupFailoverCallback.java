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
}
