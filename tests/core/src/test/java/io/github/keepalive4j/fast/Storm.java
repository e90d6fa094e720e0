package io.github.keepalive4j.fast;

/** Keeps a JVM busy with its own memory: it allocates without a pause and collects everything. */
final class Storm {
  private static final String PROPERTY = "keepalive4j.fast.storm";
  private static final int CHUNKS = 1_000;
  private static final int CHUNK_SIZE = 10_000;

  /** Keeps the garbage alive for a while. */
  private static final byte[][] LIVE = new byte[CHUNKS][];

  private Storm() {}

  /** The JVM argument that asks for the storm. */
  static String jvmArgument() {
    return "-D" + PROPERTY + "=true";
  }

  static void startIfAskedFor() {
    if (Boolean.getBoolean(PROPERTY)) {
      startDaemon("allocations", Storm::allocate);
      startDaemon("collections", System::gc);
    }
  }

  private static void startDaemon(String name, Runnable again) {
    Thread thread =
        new Thread(
            () -> {
              while (!Thread.currentThread().isInterrupted()) {
                again.run();
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void allocate() {
    for (int i = 0; i < CHUNKS; i++) {
      LIVE[i] = new byte[CHUNK_SIZE];
    }
  }
}
