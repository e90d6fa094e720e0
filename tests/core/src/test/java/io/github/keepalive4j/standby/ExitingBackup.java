package io.github.keepalive4j.standby;

import io.github.keepalive4j.Standby;
import io.github.keepalive4j.support.FailingSource;

/** A backup whose callback ends the JVM, and whose shutdown hook closes the standby. */
final class ExitingBackup {
  private ExitingBackup() {}

  public static void main(String[] arguments) throws Exception {
    FailingSource source = new FailingSource();
    Standby standby =
        Standby.builder(source::address).onFailover(failover -> System.exit(0)).connect();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  standby.close();
                  System.out.println("closed");
                }));
    source.accept();
    source.failOne();
  }
}
