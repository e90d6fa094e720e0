package io.github.keepalive4j.internal;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The descriptors of this library's own sockets: whoever changes the options of all sockets leaves
 * these alone. Thread-safe.
 */
public final class LinkDescriptors {
  private static final Set<Integer> NUMBERS = ConcurrentHashMap.newKeySet();

  private LinkDescriptors() {}

  /** Adds a descriptor that has just been made. */
  public static void add(int number) {
    NUMBERS.add(number);
  }

  /** Removes a descriptor that is closed next. */
  public static void remove(int number) {
    NUMBERS.remove(number);
  }

  public static boolean contain(int number) {
    return NUMBERS.contains(number);
  }
}
