package io.github.keepalive4j;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Ends just after a warning, while its log is slow. */
final class SlowLogProgram {
  static final String WRITTEN = "written";

  private static final Logger LOGGER =
      Logger.getLogger(KeepaliveServer.class.getPackageName()); // held: it has a handler

  private SlowLogProgram() {}

  public static void main(String[] args) throws Exception {
    LOGGER.addHandler(new SlowHandler());
    LOGGER.setUseParentHandlers(false);
    KeepaliveServer.builder()
        .shedAfter(Duration.ofSeconds(3)) // so short that it warns
        .open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .close();
  }

  private static final class SlowHandler extends Handler {
    @Override
    public void publish(LogRecord line) {
      try {
        TimeUnit.SECONDS.sleep(1);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      System.out.println(WRITTEN);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
