package io.github.keepalive4j.sockets.agent;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Has the agent's copy of JNA read settings of other names than the application's copy. By the
 * application's settings, or without any, it would load a library of the application or of the
 * system. That may be another version, and the JVM gives a file to one class loader only: whoever
 * comes second couldn't load it.
 */
final class PrivateSettings {
  /** The one class of JNA that reads them. */
  static final String READER = "com.sun.jna.Native";

  private static final String PREFIX = "k4j"; // as long as JNA's

  private static final List<String> NAMES =
      List.of(
          "jna.boot.library.path",
          "jna.boot.library.name",
          "jna.nosys",
          "jna.noclasspath",
          "jna.nounpack",
          "jnidispatch.path");

  private PrivateSettings() {}

  /** Returns the class file with the other names among its constants, and sets what JNA needs. */
  static byte[] rename(byte[] classFile) {
    String renamed = new String(classFile, StandardCharsets.ISO_8859_1);
    for (String name : NAMES) {
      renamed = renamed.replace(constant(name), constant(renamed(name)));
    }
    System.setProperty(renamed("jna.nosys"), "true");
    return renamed.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String renamed(String name) {
    return PREFIX + name.substring(PREFIX.length());
  }

  /** Returns a CONSTANT_Utf8 as it is in a class file: a tag, the length in two bytes, the text. */
  private static String constant(String text) {
    return "\u0001\0" + (char) text.length() + text;
  }
}
