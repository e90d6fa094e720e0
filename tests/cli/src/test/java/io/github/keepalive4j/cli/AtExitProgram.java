package io.github.keepalive4j.cli;

import java.util.concurrent.TimeUnit;

/** Says in which order it is cleaned up after. */
final class AtExitProgram {
  private AtExitProgram() {}

  public static void main(String[] arguments) throws Exception {
    AtExit.close(() -> slowly("the first is stopped"));
    AtExit.close(() -> slowly("the second is stopped"), () -> System.out.println("released"));
    System.out.println("ready");
    System.in.read();
    System.exit(0);
  }

  /** Takes its time, so that whatever doesn't wait for it comes first. */
  private static void slowly(String line) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(200);
    System.out.println(line);
  }
}
