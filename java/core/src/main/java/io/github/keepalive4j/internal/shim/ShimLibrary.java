package io.github.keepalive4j.internal.shim;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import io.github.keepalive4j.Transport;
import java.util.Map;

/**
 * Finds the shim: in the file that the override names, else in the jar, under JNA's resource
 * prefix.
 */
final class ShimLibrary {
  private static final String NAME = "keepalive4j";

  private ShimLibrary() {}

  static void register(Class<?> functions) {
    String path = System.getProperty(Transport.LIBRARY_PROPERTY);
    String tried =
        path != null
            ? "the file " + path + " (" + Transport.LIBRARY_PROPERTY + ")"
            : "the resource " + resource();
    try {
      Native.register(functions, open(path, functions.getClassLoader()));
    } catch (UnsatisfiedLinkError e) {
      throw (UnsatisfiedLinkError)
          new UnsatisfiedLinkError("tried " + tried + ": " + e.getMessage()).initCause(e);
    }
  }

  private static NativeLibrary open(String path, ClassLoader loader) {
    Map<String, Object> options = Map.of(com.sun.jna.Library.OPTION_CLASSLOADER, loader);
    return NativeLibrary.getInstance(path != null ? path : NAME, options);
  }

  private static String resource() {
    return Platform.RESOURCE_PREFIX + "/lib" + NAME + ".so";
  }
}
