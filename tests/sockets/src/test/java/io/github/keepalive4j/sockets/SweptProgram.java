package io.github.keepalive4j.sockets;

import java.util.concurrent.CountDownLatch;

/** Governs a socket, and ends without closing its sweeper. */
final class SweptProgram {
  private SweptProgram() {}

  public static void main(String[] args) throws Exception {
    CountDownLatch governed = new CountDownLatch(1);
    SweepListener listener =
        new SweepListener() {
          @Override
          public void onGoverned(SocketUpdate event) {
            governed.countDown();
          }
        };
    try (LoopbackPair pair = LoopbackPair.open()) {
      SocketSweeper.builder()
          .rules(SocketRules.parse("within=30s," + pair.to()))
          .listener(listener)
          .open();
      governed.await();
      boolean isPresent = ModuleLayer.boot().findModule("jdk.jfr").isPresent();
      System.out.println("governed, recorder " + (isPresent ? "present" : "absent"));
    }
  }
}
