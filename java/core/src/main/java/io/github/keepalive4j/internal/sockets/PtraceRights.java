package io.github.keepalive4j.internal.sockets;

import io.github.keepalive4j.KeepaliveException;
import io.github.keepalive4j.internal.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What it takes to touch another process's descriptors: the rights of ptrace(2). */
final class PtraceRights {
  private static final Path SCOPE = Path.of("/proc/sys/kernel/yama/ptrace_scope");
  private static final String CAPABILITY =
      "run this as root or with CAP_SYS_PTRACE (in a container: --cap-add SYS_PTRACE)";

  private PtraceRights() {}

  /**
   * Judges an answer of pidfd_getfd(2).
   *
   * @param result what the shim returned; EBADF shows that the rights are there
   * @throws IOException if the kernel refuses
   */
  static void check(int pid, int result) throws IOException {
    if (result >= 0 || result == -Errno.EBADF.number()) {
      return;
    }
    if (result == -Errno.EPERM.number()) {
      throw refusal(pid, "pidfd_getfd", -result);
    }
    boolean isOld = result == -Errno.ENOSYS.number();
    throw new KeepaliveException(
        "touching the sockets of process "
            + pid
            + (isOld ? ": pidfd_getfd (since Linux 5.6)" : ": pidfd_getfd"),
        -result);
  }

  /** Names the right that is missing, and how to give it. */
  static IOException refusal(int pid, String step, int errno) {
    return new KeepaliveException(
        "touching the sockets of process "
            + pid
            + " takes the rights of ptrace(2) over it: "
            + remedy(scope())
            + ": "
            + step,
        errno);
  }

  static String remedy(String scope) {
    return switch (scope) {
      case "1" ->
          "kernel.yama.ptrace_scope is 1, so "
              + CAPABILITY
              + ", or as its user after sysctl -w kernel.yama.ptrace_scope=0";
      case "2" -> "kernel.yama.ptrace_scope is 2, so " + CAPABILITY;
      case "3" ->
          "kernel.yama.ptrace_scope is 3, which forbids it to all until the next boot: boot with"
              + " another";
      default ->
          CAPABILITY
              + ", or as its user unless it has capabilities beyond yours or made itself"
              + " undumpable, see prctl(2)";
    };
  }

  /** Returns the empty string where the kernel is built without Yama. */
  private static String scope() {
    try {
      return Files.readString(SCOPE).strip();
    } catch (IOException e) {
      return "";
    }
  }
}
