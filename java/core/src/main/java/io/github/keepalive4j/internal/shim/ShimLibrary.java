package io.github.keepalive4j.internal.shim;

import com.sun.jna.Library;
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
      NativeLibrary library = open(path, functions.getClassLoader());
      Native.register(functions, library);
      letGo(functions, library);
    } catch (UnsatisfiedLinkError e) {
      throw (UnsatisfiedLinkError)
          new UnsatisfiedLinkError("tried " + tried + ": " + e.getMessage()).initCause(e);
    }
  }

  private static NativeLibrary open(String path, ClassLoader loader) {
    Map<String, Object> options = Map.of(Library.OPTION_CLASSLOADER, loader);
    return NativeLibrary.getInstance(path != null ? path : NAME, options);
  }

  /**
   * JNA keeps options by class, weakly, and in them the class itself and its loader: where JNA is a
   * container's, neither would ever be unloaded. No function here needs an option.
   */
  private static void letGo(Class<?> functions, NativeLibrary library) {
    library.getOptions().remove(Library.OPTION_CLASSLOADER);
    Native.getLibraryOptions(functions).clear();
  }

  private static String resource() {
    return Platform.RESOURCE_PREFIX + "/lib" + NAME + ".so";
  }
}
