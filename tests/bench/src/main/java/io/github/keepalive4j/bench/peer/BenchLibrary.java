package io.github.keepalive4j.bench.peer;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.util.Map;

/** The functions of {@code bench.h}, which documents them. */
public final class BenchLibrary {
  static {
    Native.register(
        BenchLibrary.class,
        NativeLibrary.getInstance(
            "keepalivebench",
            Map.of(Library.OPTION_CLASSLOADER, BenchLibrary.class.getClassLoader())));
  }

  private BenchLibrary() {}

  public static native int kb_connect(int address, int port);

  public static native int kb_local_port(int fd);

  static native int kb_close(int fd);

  static native int kb_listen(int backlog, int[] port);

  static native int kb_accept(int listener);

  static native int kb_end_with(int fd, int reset);

  public static native int kb_take_cores(int first);

  static native int kb_killer_open(long[] made);

  static native long kb_killer_kill(long killer, int fd, int reset, long pauseNs);

  static native int kb_killer_close(long killer);

  public static native int kb_floor_open(long[] made, long stamps, int capacity, int withEvidence);

  public static native int kb_floor_watch(long floor, int fd, int slot);

  public static native int kb_floor_close(long floor);

  public static native int kb_last_heard(int port, int[] localPorts, long[] lastHeardNs, int count);

  public static native int kb_hold(int pid, int held);

  static native int kb_kill(int pid);

  public static native long kb_malloc_used();

  /** Turns {@code -errno} into an exception. */
  public static int check(String what, int result) throws IOException {
    if (result < 0) {
      throw new IOException(what + ": errno " + -result);
    }
    return result;
  }
}
