package io.github.keepalive4j.soak.check;

import java.util.List;

/** How cuts hide the end of a connection. */
final class Cuts {
  /**
   * A FIN that was lost is sent again after pauses that grow twofold; meanwhile the source's kernel
   * acknowledges probes as if nothing were.
   */
  private static final int BACKOFF = 2;

  private Cuts() {}

  /**
   * Returns by when an end is heard: soon, or when the cuts that hide it are over.
   *
   * @param spells in the order of the begin
   */
  static long heardNs(Spell end, List<Spell> spells, long latenessNs, Patience patience) {
    long heardNs = end.effectiveNs() + latenessNs;
    for (Spell spell : spells) {
      if (spell.trouble().isCut() && spell.overlaps(end.startedNs(), heardNs)) {
        long againNs = spell.endedNs() + BACKOFF * spell.longestNs();
        heardNs = Math.max(heardNs, againNs + patience.worstCaseNs() + Patience.SLACK_NS);
      }
    }
    return heardNs;
  }
}
