package io.github.keepalive4j.zookeeper;

import java.util.List;

/**
 * Who may replace a holder, as the nodes below the record name them.
 *
 * @param linked the backups' links, which can be asked
 * @param bystanders all guards that may claim what nobody holds, linked or not
 */
record Members(List<Member> linked, List<Bystander> bystanders) {
  /** Reads the names of the nodes below a record. */
  static Members of(List<String> nodes) {
    return new Members(
        nodes.stream()
            .filter(Member::isMember)
            .map(node -> Member.parse(node).orElseThrow())
            .toList(),
        nodes.stream()
            .filter(Bystander::isBystander)
            .map(node -> Bystander.parse(node).orElseThrow())
            .toList());
  }

  /** Returns the bystanders without a link, but for the guard that asks. */
  List<Bystander> unlinked(String asking) {
    return bystanders.stream()
        .filter(guard -> !guard.owner().equals(asking))
        .filter(guard -> linked.stream().noneMatch(link -> link.isOf(guard.owner())))
        .toList();
  }
}
