package io.github.keepalive4j.soak.load;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The resources that a process uses.
 *
 * @param atNs when it was taken, on the clock of {@link System#nanoTime}
 * @param links how many links were open
 * @param sockets how many descriptors the links had, also those that were being connected
 * @param heapBytes Java heap in use after a full collection
 * @param nativeBytes memory from malloc in use
 * @param residentBytes physical memory of all kinds
 */
public record Footprint(
    long atNs,
    long links,
    long sockets,
    long heapBytes,
    long nativeBytes,
    long residentBytes,
    long descriptors,
    long threads) {
  static final String HEAD =
      "atNs,links,sockets,heapBytes,nativeBytes,residentBytes,descriptors,threads";

  private static final String SEPARATOR = ",";

  /** Returns the footprint that was written as this line. */
  public static Footprint parse(String line) {
    long[] values = Arrays.stream(line.split(SEPARATOR, -1)).mapToLong(Long::parseLong).toArray();
    return new Footprint(
        values[0], values[1], values[2], values[3], values[4], values[5], values[6], values[7]);
  }

  String line() {
    return Stream.of(
            atNs, links, sockets, heapBytes, nativeBytes, residentBytes, descriptors, threads)
        .map(String::valueOf)
        .collect(Collectors.joining(SEPARATOR));
  }
}
