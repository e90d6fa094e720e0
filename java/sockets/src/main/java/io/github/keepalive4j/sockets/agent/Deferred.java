package io.github.keepalive4j.sockets.agent;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * A start that is put off until the application has opened a socket, or for 10 s. JNA begins with
 * the JDK's logging, which some applications must set up first. Nor does the JVM's start take
 * longer.
 */
final class Deferred {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final long PERIOD_MS = 100;
  private static final long RETRY_MS = 2_000;
  private static final long LATEST_NS = Duration.ofSeconds(10).toNanos();

  private final Start start;
  private final Set<String> inherited = sockets(); // such as systemd's journal behind stdout
  private AutoCloseable started; // guarded by this; null before
  private boolean ended; // guarded by this

  private Deferred(Start start) {
    this.start = start;
  }

  /** Starts later, on a thread of its own. Closing the result ends that. */
  static AutoCloseable start(Start start) {
    Deferred deferred = new Deferred(start);
    Thread thread = new Thread(deferred::run, "keepalive4j-agent");
    thread.setDaemon(true);
    thread.start();
    return deferred::end;
  }

  private void run() {
    try {
      awaitSocket();
      awaitStart();
    } catch (Throwable e) {
      if (!isExiting()) {
        Complaint.print(e, "the JVM goes on without the agent");
      }
    }
  }

  /** JNA can't be loaded any more then, and nobody misses it. */
  private static boolean isExiting() {
    Thread hook = new Thread(() -> {});
    try {
      Runtime.getRuntime().addShutdownHook(hook);
      Runtime.getRuntime().removeShutdownHook(hook);
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  /** Lasts for as long as there are no descriptors to start with. */
  private void awaitStart() throws Throwable {
    IOException lack = SpareDescriptors.lack();
    if (lack != null) {
      Complaint.print(lack, "the agent begins when descriptors are free");
    }
    for (boolean again = false; lack != null || !startNow(again); again = true) {
      Thread.sleep(RETRY_MS);
      lack = SpareDescriptors.lack();
    }
  }

  private void awaitSocket() throws InterruptedException {
    long beginNs = System.nanoTime();
    while (inherited.containsAll(sockets()) && System.nanoTime() - beginNs < LATEST_NS) {
      Thread.sleep(PERIOD_MS);
    }
  }

  /** Returns the names of this process's sockets, as many as can be seen. */
  private static Set<String> sockets() {
    Set<String> names = new HashSet<>();
    try (DirectoryStream<Path> links = Files.newDirectoryStream(DESCRIPTORS)) {
      for (Path link : links) {
        addSocket(link, names);
      }
    } catch (IOException e) {
      return names; // no descriptor is left to look with: later
    }
    return names;
  }

  private static void addSocket(Path link, Set<String> names) {
    try {
      String name = Files.readSymbolicLink(link).toString();
      if (name.startsWith("socket:")) {
        names.add(name);
      }
    } catch (IOException e) {
      return; // closed meanwhile
    }
  }

  /** Returns false if it may work later. */
  private synchronized boolean startNow(boolean again) throws Throwable {
    try {
      if (!ended) {
        started = start.call(again);
      }
      return true;
    } catch (Throwable e) {
      if (SpareDescriptors.lack() == null && !SpareDescriptors.isLack(e)) {
        throw e;
      }
      return false;
    }
  }

  /** Ends what has started, or prevents it. */
  synchronized void end() throws Exception {
    ended = true;
    if (started != null) {
      started.close();
    }
  }

  /** Starts what is to be closed later. */
  interface Start {
    AutoCloseable call(boolean again) throws Throwable;
  }
}
