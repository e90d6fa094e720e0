package io.github.keepalive4j.bench.subject;

/** Hears of failures. */
@FunctionalInterface
public interface FailureSink {
  /** Takes note, before anything else, of the time at which a link's failure is known. */
  void failed(int slot);
}
