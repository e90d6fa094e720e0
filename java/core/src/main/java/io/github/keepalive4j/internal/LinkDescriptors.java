package io.github.keepalive4j.internal;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The descriptors of this library's own sockets: whoever changes the options of all sockets leaves
 * these alone. Thread-safe.
 */
public final class LinkDescriptors {
  private static final ConcurrentMap<Integer, Object> OWNERS = new ConcurrentHashMap<>();
  private static final AtomicInteger ACCEPTS = new AtomicInteger();

  private LinkDescriptors() {}

  /** Begins an accept(2): from its return on there is a connected socket that isn't in here yet. */
  public static void beginAccept() {
    ACCEPTS.incrementAndGet();
  }

  /** Ends what {@link #beginAccept} began, after {@link #add}. */
  public static void endAccept() {
    ACCEPTS.decrementAndGet();
  }

  /** Adds a descriptor that has just been made. */
  public static void add(int number, Object owner) {
    OWNERS.put(number, owner);
  }

  /** Removes a descriptor that has been closed, unless its number has another owner already. */
  public static void remove(int number, Object owner) {
    OWNERS.remove(number, owner);
  }

  /**
   * Returns whether what {@link #contain} says from now on holds for every socket that was
   * connected before this call.
   */
  public static boolean areComplete() {
    return ACCEPTS.get() == 0;
  }

  public static boolean contain(int number) {
    return OWNERS.containsKey(number);
  }
}
