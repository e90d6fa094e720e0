package io.github.keepalive4j.testkit.qemu;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * A program that starts machines while it ends. Its arguments are {@code before} or {@code during}
 * the shutdown, and the directory of the machines.
 */
final class EndingProgram {
  private static final int STARTERS = 4;

  private EndingProgram() {}

  public static void main(String[] args) throws InterruptedException {
    Path directory = Path.of(args[1]);
    if (args[0].equals("during")) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> startOne(directory)));
      return;
    }
    CountDownLatch started = new CountDownLatch(STARTERS);
    for (int i = 0; i < STARTERS; i++) {
      String name = "vm" + i + "-";
      Thread starter = new Thread(() -> startUntilRefused(name, directory, started));
      starter.setDaemon(true);
      starter.start();
    }
    started.await();
    System.exit(0);
  }

  private static void startOne(Path directory) {
    try {
      machine("late", directory).start();
      System.out.println("started");
    } catch (IOException e) {
      System.out.println(e.getMessage());
    }
  }

  private static void startUntilRefused(String name, Path directory, CountDownLatch started) {
    try {
      for (int i = 0; ; i++) {
        machine(name + i, directory).start();
        started.countDown();
      }
    } catch (IOException e) {
      // the program is ending
    }
  }

  /** A shell in place of QEMU. Its command line names the directory, as QEMU's would. */
  private static QemuProcess.Builder machine(String name, Path directory) {
    return QemuProcess.builder(name, directory)
        .prefix("sh", "-c", "while :; do sleep 1; done", "sh");
  }
}
