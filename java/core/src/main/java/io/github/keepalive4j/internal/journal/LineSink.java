package io.github.keepalive4j.internal.journal;

import java.io.Closeable;
import java.io.IOException;

/** What takes a journal's lines. Not thread-safe. */
public interface LineSink extends Closeable {
  /** Takes the lines and keeps none of them. */
  LineSink NOWHERE =
      new LineSink() {
        @Override
        public void append(String lines) {}

        @Override
        public void reopen() {}

        @Override
        public void close() {}
      };

  /** Appends lines, each with its end, and returns once they are kept for good. */
  void append(String lines) throws IOException;

  /** Opens it anew. If that fails, it stays as it was. */
  void reopen() throws IOException;
}
