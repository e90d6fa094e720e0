package io.github.keepalive4j;

import io.github.keepalive4j.support.Descriptors;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/**
 * Opens monitors, servers and standbys while no thread is to be had, and again when one is. Run
 * with a stack size well above {@link #LEFT}.
 */
final class ThreadlessProgram {
  /** What is left of the address space: enough for all but another stack. */
  private static final long LEFT = 128L << 20;

  private static final int REPEATS = 10;

  private static final MonitorListener CLOSING =
      new MonitorListener() {
        @Override
        public void onClosed(KeepaliveMonitor monitor) {
          System.out.println("told of the end of what never began");
        }
      };

  private final CountDownLatch release = new CountDownLatch(1);

  private ThreadlessProgram() {}

  public static void main(String[] args) throws Exception {
    if (args.length > 0) {
      throw new IllegalArgumentException("takes no arguments");
    }
    new ThreadlessProgram().run();
  }

  private void run() throws Exception {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (ServerSocket source = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        KeepaliveMonitor monitor = KeepaliveMonitor.open()) {
      Standby.Builder standby =
          Standby.builder(() -> (InetSocketAddress) source.getLocalSocketAddress())
              .onFailover(failover -> {});
      standby.connect().close();
      exhaust();
      System.out.println("monitor: " + failing(KeepaliveMonitor.builder().listener(CLOSING)::open));
      System.out.println("server: " + failing(() -> KeepaliveServer.open(any)));
      System.out.println("standby: " + failing(standby::open));
      standby.monitor(monitor);
      System.out.println("standby of a monitor: " + failing(standby::open));
      System.out.println("warm-up: " + repeatedWarmup());
      recover();
      try (Standby armed = standby.connect()) {
        System.out.println(armed.state());
      }
    }
  }

  /** Tells how many descriptors some attempts that fail leave open. */
  private String failing(Callable<? extends AutoCloseable> attempt) throws Exception {
    int before = Descriptors.count();
    for (int i = 0; i < REPEATS; i++) {
      while (succeeds(attempt)) {
        fill(); // a thread had ended meanwhile, and its stack served
      }
    }
    return Descriptors.count() - before + " left open";
  }

  private static boolean succeeds(Callable<? extends AutoCloseable> attempt) throws Exception {
    try {
      attempt.call().close();
      return true;
    } catch (OutOfMemoryError e) {
      return false;
    }
  }

  /** Tells how many descriptors warm-ups leave open, of which nobody hears. */
  private static String repeatedWarmup() throws Exception {
    int before = Descriptors.count();
    for (int i = 0; i < REPEATS; i++) {
      Warmup.repeat();
    }
    return Descriptors.count() - before + " left open";
  }

  private void exhaust() throws Exception {
    limitAddressSpace(addressSpace() + LEFT + ":");
    fill();
  }

  private void fill() {
    try {
      while (true) {
        newWaiting().start(); // what an earlier thread has left may still serve
      }
    } catch (OutOfMemoryError e) {
      return;
    }
  }

  private Thread newWaiting() {
    Thread thread =
        new Thread(
            () -> {
              try {
                release.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    thread.setDaemon(true);
    return thread;
  }

  private void recover() throws Exception {
    limitAddressSpace("unlimited:");
    release.countDown();
  }

  private static long addressSpace() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmSize:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) << 10;
      }
    }
    throw new IOException("no VmSize");
  }

  private static void limitAddressSpace(String limit) throws Exception {
    String pid = Long.toString(ProcessHandle.current().pid());
    int status =
        new ProcessBuilder("prlimit", "--pid", pid, "--as=" + limit).inheritIO().start().waitFor();
    if (status != 0) {
      throw new IOException("prlimit ended with " + status);
    }
  }
}
