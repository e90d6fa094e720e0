package io.github.keepalive4j.internal.shim;

import java.io.IOException;

/**
 * Whether the shim loads here. An answer that is only due to a lack of descriptors or memory isn't
 * remembered: the next question tries again.
 *
 * @param failure why the shim can't be used, or null if it can
 * @param isFinal false if it may load the next time
 */
record ShimTrial(Throwable failure, boolean isFinal) {
  private static volatile ShimTrial last; // null until there is a final answer

  /** Returns the answer, after trying if there is none yet. */
  static ShimTrial get() {
    ShimTrial known = last;
    return known == null ? tryAgain() : known;
  }

  private static synchronized ShimTrial tryAgain() {
    ShimTrial trial = last == null ? run() : last;
    if (trial.isFinal()) {
      last = trial;
    }
    return trial;
  }

  private static ShimTrial run() {
    try {
      ShimLibrary.acquire();
    } catch (IOException e) {
      return failed(e.getCause());
    } catch (LinkageError e) { // JNA itself isn't there
      return failed(e);
    } catch (OutOfMemoryError e) { // a thread, too, may be more than there is room for
      return new ShimTrial(e, false);
    }
    try {
      Throwable error = versionError();
      if (error == null) {
        warmUp();
      }
      return new ShimTrial(error, true);
    } finally {
      ShimLibrary.release();
    }
  }

  /** What a failover runs for the first time would take it several ms longer. */
  private static void warmUp() {
    EventLayout.warmUp();
    ShimRoute.warmUp();
  }

  private static ShimTrial failed(Throwable cause) {
    return new ShimTrial(cause, cause instanceof LinkageError && ShimLibrary.hasSpareDescriptors());
  }

  private static Throwable versionError() {
    int version = Shim.ka_abi_version();
    return version == Layout.ABI_VERSION
        ? null
        : new UnsatisfiedLinkError(
            "the shim has ABI version " + version + ", this jar needs " + Layout.ABI_VERSION);
  }
}
