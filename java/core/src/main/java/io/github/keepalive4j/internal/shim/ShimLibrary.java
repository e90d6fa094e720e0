package io.github.keepalive4j.internal.shim;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * Loads the shim and binds {@link Shim} to it while it is in use. {@link ShimFile} finds it.
 *
 * <p>JNA holds each method of a bound class by a global JNI reference, and so the application's
 * class loader. Nothing reports that a container drops the application, so the shim is unbound
 * whenever nothing of the library is open.
 */
public final class ShimLibrary {
  /** Which version of {@code keepalive4j.h} the shim must be of. */
  public static final int ABI_VERSION = Layout.ABI_VERSION;

  /** The system property that holds the path of the library. */
  public static final String PATH_PROPERTY = "keepalive4j.library";

  /**
   * Each binding costs 3 KiB and a part of a mapping, and JNA frees neither. After this many the
   * shim stays bound. Otherwise an application that opens and closes links for years could use up
   * the 65530 mappings that Linux grants it.
   */
  private static final int MAX_BINDINGS = 64;

  private static final File NULL_DEVICE = new File("/dev/null");

  /** More than loading takes: JNA's jar, its library and the shim, each unpacked. */
  private static final int SPARE_DESCRIPTORS = 16;

  private static NativeLibrary library; // guarded by the class, as what follows; null if not bound
  private static int users;
  private static int bindings;

  private ShimLibrary() {}

  /**
   * Begins a use of {@link Shim}, which {@link #release} ends.
   *
   * @throws IOException if the shim doesn't load, with the error as its cause: a {@link
   *     LinkageError}, or an {@link IOException} for lack of descriptors
   */
  static synchronized void acquire() throws IOException {
    if (library == null) {
      requireSpareDescriptors();
      try {
        bind();
      } catch (LinkageError e) {
        throw new IOException("loading the shim: " + e.getMessage(), e);
      }
    }
    users++;
  }

  /**
   * JNA opens files when its classes are initialized. If that failed the JVM would refuse them for
   * ever.
   */
  private static void requireSpareDescriptors() throws IOException {
    try {
      openSpareDescriptors();
    } catch (IOException e) {
      throw new IOException("loading the shim: " + e.getMessage(), e);
    }
  }

  /** Tells whether a failure to load can't be due to a lack of descriptors. */
  static boolean hasSpareDescriptors() {
    try {
      openSpareDescriptors();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void openSpareDescriptors() throws IOException {
    FileInputStream[] spare = new FileInputStream[NULL_DEVICE.exists() ? SPARE_DESCRIPTORS : 0];
    try {
      for (int i = 0; i < spare.length; i++) {
        spare[i] = new FileInputStream(NULL_DEVICE);
      }
    } finally {
      for (int i = 0; i < spare.length && spare[i] != null; i++) {
        spare[i].close();
      }
    }
  }

  /** Begins a use within another one. */
  static synchronized void acquireAnother() {
    users++;
  }

  /** Ends a use; none of its calls may be under way. */
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
    NativeLibrary opened = ShimFile.open();
    boolean registered = false;
    try {
      Native.register(Shim.class, opened);
      Native.getLibraryOptions(Shim.class).clear(); // JNA would keep the class in them for ever
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
   * JNA leaves thread-locals behind, and its threads inherit the context class loader. The caller's
   * thread and its context class loader would keep class loaders from being collected.
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
}
