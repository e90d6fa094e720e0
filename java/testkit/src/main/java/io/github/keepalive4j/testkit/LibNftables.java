package io.github.keepalive4j.testkit;

import com.sun.jna.Native;
import com.sun.jna.Pointer;

/**
 * The library behind the {@code nft} command. A rule is in force about 0.3 ms after the call;
 * starting the command takes several milliseconds.
 */
final class LibNftables {
  static {
    Native.register(LibNftables.class, "libnftables.so.1");
  }

  private LibNftables() {}

  /** Loads the library, or throws a {@link LinkageError}. */
  static void load() {}

  static native Pointer nft_ctx_new(int flags);

  static native void nft_ctx_free(Pointer context);

  static native int nft_ctx_buffer_output(Pointer context);

  static native int nft_ctx_buffer_error(Pointer context);

  static native String nft_ctx_get_error_buffer(Pointer context);

  static native int nft_run_cmd_from_buffer(Pointer context, String commands);
}
