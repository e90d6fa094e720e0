package io.github.keepalive4j.soak.idle;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;

/** A source and a backup that are cut off from each other again and again. */
interface CutPair<T> extends AutoCloseable {
  /** Leaves the link alone for a time and then cuts it. */
  T cut(long ageMs) throws Exception;

  @Override
  void close() throws IOException;

  /** Starts the two, with a directory for their files. */
  interface Opener<T> {
    CutPair<T> open(Path folder, Random random) throws Exception;
  }
}
