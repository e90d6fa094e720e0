package io.github.keepalive4j.sockets.agent;

import java.io.File;
import java.io.IOException;

/** Where JNA unpacks its library. */
final class JnaFolder {
  private JnaFolder() {}

  /** Throws if JNA couldn't write there. JNA itself would log a stack trace first. */
  static void requireWritable() throws IOException {
    String chosen = System.getProperty("jna.tmpdir");
    File folder = new File(chosen == null ? System.getProperty("java.io.tmpdir") : chosen);
    if (!isWritable(folder) && (chosen != null || !isWritable(cache()))) {
      throw new IOException("the folder " + folder + " for JNA's temporary files isn't writable");
    }
  }

  /** What JNA prefers to the JDK's folder. */
  private static File cache() {
    String xdg = System.getenv("XDG_CACHE_HOME");
    boolean isSet = xdg != null && !xdg.isBlank();
    File base = isSet ? new File(xdg) : new File(System.getProperty("user.home"), ".cache");
    return new File(base, "JNA/temp");
  }

  /** Tells whether files can be made in it, once it is made. */
  private static boolean isWritable(File folder) {
    File existing = folder.getAbsoluteFile();
    while (!existing.exists() && existing.getParentFile() != null) {
      existing = existing.getParentFile();
    }
    return existing.isDirectory() && existing.canWrite();
  }
}
