package io.github.keepalive4j.soak.load;

import java.io.IOException;

/** Observes one link of a load and reports what it hears. */
interface LinkObserver {
  void begin() throws IOException;

  /** Ends the observation. Returns whether the link had not failed before. */
  boolean end();
}
