package io.github.keepalive4j.soak.idle;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;

/** A source and a backup whose link ends again and again. */
interface CutPair<T extends Outcome> extends AutoCloseable {
  /** Leaves a link of this budget alone for a time and then ends it. */
  T cut(String budget, long ageMs) throws Exception;

  @Override
  void close() throws IOException;

  /** Starts the two, with a directory for their files. */
  interface Opener<T extends Outcome> {
    CutPair<T> open(Path folder, Random random) throws Exception;
  }
}
