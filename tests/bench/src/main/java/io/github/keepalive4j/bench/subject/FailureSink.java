package io.github.keepalive4j.bench.subject;

/** Receives failures. */
@FunctionalInterface
public interface FailureSink {
  /** Records the time of a link's failure, before doing anything else. */
  void failed(int slot);
}
