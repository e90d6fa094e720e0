package io.github.keepalive4j.soak.check;

/**
 * A fault, from its begin to its end. Neither is known exactly: each lies between two times.
 *
 * @param source the number of the source, or {@link #ALL}
 * @param startedNs a time at which the fault was not active yet
 * @param effectiveNs a time at which it was
 * @param endingNs a time at which it was still active; for an end of connections, {@code
 *     effectiveNs}
 * @param endedNs a time at which it was undone and the network as before; for an end of
 *     connections, {@code effectiveNs}
 */
public record FaultInterval(
    InjectedFault fault,
    int source,
    long startedNs,
    long effectiveNs,
    long endingNs,
    long endedNs) {
  public static final int ALL = -1;

  boolean affects(int ofSource) {
    return source == ALL || source == ofSource;
  }

  boolean overlaps(long fromNs, long toNs) {
    return startedNs <= toNs && endedNs >= fromNs;
  }

  /** Returns this interval, ended by another fault. */
  FaultInterval until(FaultInterval end) {
    return new FaultInterval(fault, source, startedNs, effectiveNs, end.startedNs, end.effectiveNs);
  }

  long longestNs() {
    return endedNs - startedNs;
  }

  /** Returns the line for the list of a soak's faults. */
  public String line(long originNs) {
    return String.format(
        java.util.Locale.ROOT,
        "%10.3f s for %7.3f s  %-8s %s",
        (startedNs - originNs) / 1e9,
        longestNs() / 1e9,
        source == ALL ? "all" : "source " + source,
        fault);
  }
}
