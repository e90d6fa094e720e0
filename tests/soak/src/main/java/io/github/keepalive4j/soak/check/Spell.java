package io.github.keepalive4j.soak.check;

/**
 * A trouble while it lasted. It began between two moments, and ended between two.
 *
 * @param source the number of the source, or {@link #ALL}
 * @param startedNs when it had not begun
 * @param effectiveNs when it had
 * @param endingNs when it was still in force; for an end that of {@code effectiveNs}
 * @param endedNs when it was undone, and the network as before; for an end that of {@code
 *     effectiveNs}
 */
public record Spell(
    Trouble trouble, int source, long startedNs, long effectiveNs, long endingNs, long endedNs) {
  public static final int ALL = -1;

  boolean befalls(int ofSource) {
    return source == ALL || source == ofSource;
  }

  boolean overlaps(long fromNs, long toNs) {
    return startedNs <= toNs && endedNs >= fromNs;
  }

  /** Returns this spell as one that another has ended. */
  Spell until(Spell end) {
    return new Spell(trouble, source, startedNs, effectiveNs, end.startedNs, end.effectiveNs);
  }

  long longestNs() {
    return endedNs - startedNs;
  }

  /** Returns as it stands in the list of a soak's faults. */
  public String line(long originNs) {
    return String.format(
        java.util.Locale.ROOT,
        "%10.3f s for %7.3f s  %-8s %s",
        (startedNs - originNs) / 1e9,
        longestNs() / 1e9,
        source == ALL ? "all" : "source " + source,
        trouble);
  }
}
