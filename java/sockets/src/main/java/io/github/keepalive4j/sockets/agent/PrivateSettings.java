package io.github.keepalive4j.sockets.agent;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Has the agent's copies of JNA and of keepalive4j read settings of other names than the
 * application's copies. By the application's settings, or without any, they would load a library of
 * the application or of the system. That may be another version, and the JVM gives a file to one
 * class loader only: whoever comes second couldn't load it.
 */
final class PrivateSettings {
  /** The one class of JNA that reads them. */
  static final String JNA = "com.sun.jna.Native";

  private static final String NO_SYSTEM_LIBRARY = "k4j.nosys";

  private static final String SHIM = "keepalive4j";

  /** JNA looks for a name in library paths first. Nobody has a file of this one there. */
  private static final String PRIVATE_SHIM = "keepalive4j-sockets-agent";

  /** Class, then name and other name. */
  private static final Map<String, Map<String, String>> NAMES =
      Map.of(
          JNA,
          Map.of(
              "jna.boot.library.path", "k4j.boot.library.path",
              "jna.boot.library.name", "k4j.boot.library.name",
              "jna.nosys", NO_SYSTEM_LIBRARY,
              "jna.noclasspath", "k4j.noclasspath",
              "jna.nounpack", "k4j.nounpack",
              "jnidispatch.path", "k4jdispatch.path"),
          "io.github.keepalive4j.internal.Providers",
          Map.of("keepalive4j.transport", "keepalive4j.sockets.transport"),
          "io.github.keepalive4j.internal.shim.ShimFile",
          Map.of(
              "keepalive4j.library",
              "keepalive4j.sockets.library",
              "keepalive4j.library.path",
              "keepalive4j.sockets.library.path",
              SHIM,
              PRIVATE_SHIM));

  private PrivateSettings() {}

  /** Tells whether a class reads settings. */
  static boolean isReader(String name) {
    return NAMES.containsKey(name);
  }

  /** Returns the class file with the other names among its constants, and sets what JNA needs. */
  static byte[] rename(String className, byte[] classFile) {
    String renamed = new String(classFile, StandardCharsets.ISO_8859_1);
    for (Map.Entry<String, String> name : NAMES.get(className).entrySet()) {
      renamed = renamed.replace(constant(name.getKey()), constant(name.getValue()));
    }
    System.setProperty(NO_SYSTEM_LIBRARY, "true");
    return renamed.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Returns the name in the jar of what is asked for by a name, which may be the other one. */
  static String resource(String name) {
    return name.replace("lib" + PRIVATE_SHIM + ".so", "lib" + SHIM + ".so");
  }

  /** Returns a CONSTANT_Utf8 as it is in a class file: a tag, the length in two bytes, the text. */
  private static String constant(String text) {
    return "\u0001\0" + (char) text.length() + text;
  }
}
