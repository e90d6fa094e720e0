package io.github.keepalive4j.internal.shim;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.github.keepalive4j.KeepaliveException;
import io.github.keepalive4j.internal.Errno;
import java.io.IOException;
import java.nio.ByteBuffer;

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
      if (error != null) {
        return new ShimTrial(error, true);
      }
      warmUp();
      return tryWaiting();
    } finally {
      ShimLibrary.release();
    }
  }

  /** A sandbox may refuse to wait for events. A monitor would look well, and never call back. */
  private static ShimTrial tryWaiting() {
    long[] monitor = new long[1];
    int result = Shim.ka_monitor_open(monitor);
    if (result == 0) {
      ByteBuffer event = ByteBuffer.allocateDirect(Layout.EVENT_SIZE);
      long address = Pointer.nativeValue(Native.getDirectBufferPointer(event));
      result = Shim.ka_monitor_wait(monitor[0], address, 1, 0);
      Shim.ka_monitor_close(monitor[0]);
    }
    return result < 0
        ? new ShimTrial(
            new KeepaliveException("waiting for events", -result), !Errno.isExhaustion(-result))
        : new ShimTrial(null, true);
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
