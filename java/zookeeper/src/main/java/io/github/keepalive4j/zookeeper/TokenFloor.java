package io.github.keepalive4j.zookeeper;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The greatest token that this side has seen. A new claim's token is above it, also on an ensemble
 * that was rebuilt and counts from the start again. Thread-safe.
 */
final class TokenFloor implements AutoCloseable {
  /**
   * The greatest floor above which a claim is still possible. That leaves as much again for the
   * ensemble's own count.
   */
  static final long MAX = Long.MAX_VALUE / 2;

  private final AtomicLong greatest;
  private final FloorWriter writer;

  /** Begins with what a file has, and writes to it what is greater. */
  TokenFloor(FloorFile file) {
    this.greatest = new AtomicLong(file.value());
    this.writer = new FloorWriter(file);
  }

  /** Notes a token. Doesn't wait for the file. */
  void raise(long token) {
    if (greatest.getAndAccumulate(token, Math::max) < token) {
      writer.write(token);
    }
  }

  /**
   * Returns what a claim that replaces the record adds to the zxid.
   *
   * @throws UnusableRecordException if no token above the floor is left
   */
  long baseAbove(ClaimRecord record) {
    long floor = greatest.get();
    long base = floor <= record.token() ? record.base() : floor;
    if (base > MAX) {
      throw new UnusableRecordException("no token is left above the token floor, " + base);
    }
    return base;
  }

  @Override
  public void close() {
    writer.close();
  }
}
