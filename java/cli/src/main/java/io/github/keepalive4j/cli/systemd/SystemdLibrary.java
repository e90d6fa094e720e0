package io.github.keepalive4j.cli.systemd;

import com.sun.jna.Native;

/** libsystemd, which is loaded where there is a service manager to be told. */
final class SystemdLibrary {
  static {
    Native.register("libsystemd.so.0");
  }

  private SystemdLibrary() {}

  /** Tells the service manager of a state: sd_notify(3). */
  static native int sd_notify(int unsetEnvironment, String state);
}
