package io.github.keepalive4j.internal.shim;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * Loads the shim, from the file that the override names, else from the jar, under JNA's resource
 * prefix; and binds {@link Shim} to it as long as somebody uses it.
 *
 * <p>Of a bound class JNA holds each method by a global reference of JNI, and so the class loader
 * with all that an application has in it. Nothing tells when a container drops the application, so
 * the shim is let go of whenever nothing of the library is open.
 */
public final class ShimLibrary {
  /** The system property that holds the path of the library. */
  public static final String PATH_PROPERTY = "keepalive4j.library";

  /**
   * A binding costs 3 KiB and a part of a mapping, which JNA never frees. An application that opens
   * its first link and closes its last again and again, for years, must not run out of the 65530
   * mappings that Linux grants it: in the end the shim stays.
   */
  private static final int MAX_BINDINGS = 64;

  private static final String NAME = "keepalive4j";

  private static NativeLibrary library; // guarded by the class, as what follows; null if not bound
  private static int users;
  private static int bindings;

  private ShimLibrary() {}

  /**
   * Begins a use of {@link Shim}, which {@link #release} ends.
   *
   * @throws IOException if the shim doesn't load, with the error as its cause
   */
  static synchronized void acquire() throws IOException {
    if (library == null) {
      try {
        bind();
      } catch (LinkageError e) {
        throw new IOException("loading the shim: " + e.getMessage(), e);
      }
    }
    users++;
  }

  /** Begins a use within another one. */
  static synchronized void acquireAnother() {
    users++;
  }

  /** Ends a use; no call of it may be under way. */
  static synchronized void release() {
    users--;
    if (users == 0 && bindings < MAX_BINDINGS) {
      unbind();
    }
  }

  private static void bind() {
    library = onThreadOfItsOwn(ShimLibrary::openAndRegister);
    bindings++;
  }

  private static NativeLibrary openAndRegister() {
    NativeLibrary opened = open();
    boolean registered = false;
    try {
      Native.register(Shim.class, opened);
      Native.getLibraryOptions(Shim.class).clear(); // in them JNA would keep the class for ever
      registered = true;
      return opened;
    } finally {
      if (!registered) {
        opened.close();
      }
    }
  }

  private static void unbind() {
    Native.unregister(Shim.class);
    library.close();
    library = null;
  }

  /**
   * JNA leaves thread-locals behind, and starts threads that inherit the context class loader: the
   * caller's would keep JNA's class loader and its own.
   */
  private static <T> T onThreadOfItsOwn(Supplier<T> task) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread thread =
        new Thread(() -> result.completeAsync(task, Runnable::run), "keepalive4j-loading");
    thread.setContextClassLoader(null);
    thread.start();
    try {
      return result.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof LinkageError error) {
        throw error;
      }
      throw e;
    }
  }

  private static NativeLibrary open() {
    String path = System.getProperty(PATH_PROPERTY);
    Map<String, ?> options = Map.of(Library.OPTION_CLASSLOADER, ShimLibrary.class.getClassLoader());
    try {
      return NativeLibrary.getInstance(path == null ? NAME : path, options);
    } catch (UnsatisfiedLinkError e) {
      String tried =
          path != null
              ? "the file " + path + " (" + PATH_PROPERTY + ")"
              : "the resource " + Platform.RESOURCE_PREFIX + "/lib" + NAME + ".so";
      throw (UnsatisfiedLinkError)
          new UnsatisfiedLinkError("tried " + tried + ": " + e.getMessage()).initCause(e);
    }
  }
}
