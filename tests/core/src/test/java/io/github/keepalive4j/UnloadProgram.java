package io.github.keepalive4j;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A container that loads an application with the library, runs it and drops it, again and again,
 * and tells what is left.
 */
final class UnloadProgram {
  static final String ROUNDS = "unload.rounds";

  /** The class path of the container, which it shares with its applications. */
  static final String SHARED = "unload.shared";

  /** The class path of each application. */
  static final String APPLICATION = "unload.application";

  private static final int SETTLED = 10;
  private static final long GC_STEP_NS = 20_000_000;
  private static final int GC_STEPS = 500;

  private UnloadProgram() {}

  public static void main(String[] args) throws Exception {
    int rounds = Integer.getInteger(ROUNDS);
    ClassLoader shared = new URLClassLoader(urlsOf(SHARED), ClassLoader.getPlatformClassLoader());
    URL[] application = urlsOf(APPLICATION);
    List<WeakReference<ClassLoader>> dropped = new ArrayList<>();
    for (int i = 0; i < SETTLED; i++) {
      dropped.add(round(shared, application));
    }
    Usage before = Usage.afterCollecting(dropped);
    for (int i = SETTLED; i < rounds; i++) {
      dropped.add(round(shared, application));
    }
    Usage after = Usage.afterCollecting(dropped);
    System.out.println(left(dropped) + " " + after.beyond(before));
  }

  private static URL[] urlsOf(String property) throws IOException {
    List<URL> urls = new ArrayList<>();
    for (String path : System.getProperty(property).split(File.pathSeparator, -1)) {
      urls.add(Path.of(path).toUri().toURL());
    }
    return urls.toArray(URL[]::new);
  }

  private static WeakReference<ClassLoader> round(ClassLoader shared, URL[] application)
      throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader own = thread.getContextClassLoader();
    try (URLClassLoader loader = new URLClassLoader(application, shared)) {
      thread.setContextClassLoader(loader);
      Class<?> type = loader.loadClass("io.github.keepalive4j.UnloadApplication");
      var constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      Object result = ((Callable<?>) constructor.newInstance()).call();
      if (!result.equals("NATIVE CLOSED")) {
        throw new IllegalStateException("the application's failover: " + result);
      }
      return new WeakReference<>(loader);
    } finally {
      thread.setContextClassLoader(own);
    }
  }

  private static long left(List<WeakReference<ClassLoader>> dropped) {
    return dropped.stream().filter(loader -> loader.get() != null).count();
  }

  /**
   * What a process has in use.
   *
   * @param threads threads alive
   * @param descriptors descriptors open
   * @param classes classes loaded
   * @param metaspaceKib Metaspace in use, in KiB
   * @param libraries copies of native libraries mapped
   */
  private record Usage(
      long threads, long descriptors, long classes, long metaspaceKib, long libraries) {
    static Usage afterCollecting(List<WeakReference<ClassLoader>> dropped) throws IOException {
      for (int i = 0; i < GC_STEPS && left(dropped) > 0; i++) {
        System.gc();
        LockSupport.parkNanos(GC_STEP_NS);
      }
      System.gc();
      return new Usage(
          ManagementFactory.getThreadMXBean().getThreadCount(),
          count(Path.of("/proc/self/fd")),
          ManagementFactory.getClassLoadingMXBean().getLoadedClassCount(),
          metaspaceInUse() / 1024,
          mappedLibraries());
    }

    private static long count(Path folder) throws IOException {
      try (Stream<Path> files = Files.list(folder)) {
        return files.count();
      }
    }

    private static long metaspaceInUse() {
      return ManagementFactory.getMemoryPoolMXBeans().stream()
          .filter(pool -> pool.getName().equals("Metaspace"))
          .mapToLong(pool -> pool.getUsage().getUsed())
          .sum();
    }

    /** Libraries that were unpacked from a jar have no name any more. */
    private static long mappedLibraries() throws IOException {
      try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
        return lines.filter(line -> line.contains("jna") && line.contains(" r-xp ")).count();
      }
    }

    String beyond(Usage before) {
      return String.join(
          " ",
          Long.toString(threads - before.threads),
          Long.toString(descriptors - before.descriptors),
          Long.toString(classes - before.classes),
          Long.toString(metaspaceKib - before.metaspaceKib),
          Long.toString(libraries - before.libraries));
    }
  }
}
