package io.github.keepalive4j.sockets.internal;

/** The sockets that are never touched, by their descriptors' numbers. */
public interface Exempt {
  /** No socket at all. */
  Exempt NONE =
      new Exempt() {
        @Override
        public boolean areComplete() {
          return true;
        }

        @Override
        public boolean contain(int fd) {
          return false;
        }
      };

  /**
   * Returns whether what {@link #contain} says from now on holds for every socket that was
   * connected before this call.
   */
  boolean areComplete();

  /** Returns whether a descriptor's socket is never touched. */
  boolean contain(int fd);
}
