package io.github.keepalive4j;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import jdk.jfr.Recording;

/**
 * A container that loads an application with the library, runs it and drops it, again and again,
 * and tells what is left: loaders, and of threads, descriptors and libraries those that there
 * weren't after the first rounds.
 */
final class UnloadContainer {
  static final String ROUNDS = "unload.rounds";

  /** The class path of the container, which it shares with its applications. */
  static final String SHARED = "unload.shared";

  /** The class path of each application. */
  static final String APPLICATION = "unload.application";

  /** What the JDK and JNA set up once is set up by then. */
  private static final int SETTLED = 10;

  /** JNA's cleaner thread ends when it has had nothing to do for 30 s. */
  private static final Duration LINGER = Duration.ofSeconds(90);

  private static final long GC_STEP_NS = Duration.ofMillis(500).toNanos();

  private final URL[] application = urlsOf(APPLICATION);
  private final ClassLoader shared =
      new URLClassLoader(urlsOf(SHARED), ClassLoader.getPlatformClassLoader());
  private final List<WeakReference<ClassLoader>> dropped = new ArrayList<>();

  private UnloadContainer() throws IOException {}

  public static void main(String[] args) throws Exception {
    startTheFlightRecorder();
    UnloadContainer container = new UnloadContainer();
    container.run(SETTLED);
    Usage before = Usage.now();
    container.run(Integer.getInteger(ROUNDS) - SETTLED);
    Usage after = container.settle(before);
    System.out.println(container.left() + " " + after.beyond(before));
  }

  /** On JDK 17 its threads keep the context class loader of whoever makes the first recording. */
  private static void startTheFlightRecorder() {
    try (Recording recording = new Recording()) {
      recording.start();
    }
  }

  private static URL[] urlsOf(String property) throws IOException {
    List<URL> urls = new ArrayList<>();
    for (String path : System.getProperty(property).split(File.pathSeparator, -1)) {
      urls.add(Path.of(path).toUri().toURL());
    }
    return urls.toArray(URL[]::new);
  }

  private void run(int rounds) throws Exception {
    for (int i = 0; i < rounds; i++) {
      dropped.add(round());
    }
  }

  private WeakReference<ClassLoader> round() throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader own = thread.getContextClassLoader();
    try (URLClassLoader loader = new URLClassLoader(application, shared)) {
      thread.setContextClassLoader(loader);
      Class<?> type = loader.loadClass("io.github.keepalive4j.UnloadApplication");
      var constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      Object result = ((Callable<?>) constructor.newInstance()).call();
      if (!result.equals("NATIVE CLOSED CLOSED")) {
        throw new IllegalStateException("the application's failovers: " + result);
      }
      return new WeakReference<>(loader);
    } finally {
      thread.setContextClassLoader(own);
    }
  }

  private long left() {
    return dropped.stream().filter(loader -> loader.get() != null).count();
  }

  /** Collects garbage until nothing more is left than before, or for as long as it may take. */
  private Usage settle(Usage before) throws IOException {
    long startNs = System.nanoTime();
    Usage usage = Usage.now();
    while ((left() > 0 || usage.exceeds(before))
        && System.nanoTime() - startNs < LINGER.toNanos()) {
      System.gc();
      LockSupport.parkNanos(GC_STEP_NS);
      usage = Usage.now();
    }
    return usage;
  }

  /** What a process has in use: threads alive, descriptors open, copies of libraries mapped. */
  record Usage(long threads, long descriptors, long libraries) {
    static Usage now() throws IOException {
      return new Usage(
          ManagementFactory.getThreadMXBean().getThreadCount(),
          openDescriptors(),
          mappedLibraries());
    }

    private static long openDescriptors() throws IOException {
      try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
        return files.filter(file -> !isOfLibffi(file)).count();
      }
    }

    /**
     * JNA's libffi opens a file for its closures, for each JNA that is loaded, and never closes it.
     */
    private static boolean isOfLibffi(Path descriptor) {
      try {
        return Files.readSymbolicLink(descriptor).toString().startsWith("/tmp/ffi");
      } catch (IOException e) { // the one that reads the folder is closed already
        return false;
      }
    }

    /** JNA removes the file of a library that it has unpacked and loaded. */
    static long mappedLibraries() throws IOException {
      try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
        return lines.filter(line -> line.contains("/jna") && line.contains(" r-xp ")).count();
      }
    }

    boolean exceeds(Usage before) {
      return threads > before.threads
          || descriptors > before.descriptors
          || libraries > before.libraries;
    }

    String beyond(Usage before) {
      return (threads - before.threads)
          + " "
          + (descriptors - before.descriptors)
          + " "
          + (libraries - before.libraries);
    }
  }
}
