package io.github.keepalive4j.internal.shim;

import com.sun.jna.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** The machine that a library is built for, as its first bytes say. */
final class ElfMachine {
  private static final byte[] MAGIC = {0x7f, 'E', 'L', 'F'};
  private static final int MACHINE = 18; // offset of two bytes, the lower one first

  /** JNA's folders by the machines' numbers. */
  private static final Map<Integer, String> FOLDERS =
      Map.of(3, "linux-x86", 40, "linux-arm", 62, "linux-x86-64", 183, "linux-aarch64");

  private ElfMachine() {}

  /** Tells whether a file is a library, and one for another machine. */
  static boolean isForeign(Path file) {
    String machine = of(file);
    return !machine.isEmpty() && !machine.equals(Platform.RESOURCE_PREFIX);
  }

  /** Returns the folder that JNA has for libraries such as the file, or an empty string. */
  static String of(Path file) {
    try (InputStream library = Files.newInputStream(file)) {
      byte[] header = library.readNBytes(MACHINE + 2);
      if (header.length < MACHINE + 2 || !Arrays.equals(Arrays.copyOf(header, 4), MAGIC)) {
        return "";
      }
      int machine = (header[MACHINE] & 0xff) | ((header[MACHINE + 1] & 0xff) << 8);
      return FOLDERS.getOrDefault(machine, "ELF machine " + machine);
    } catch (IOException e) {
      return "";
    }
  }
}
