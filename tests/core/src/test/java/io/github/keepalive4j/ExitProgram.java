package io.github.keepalive4j;

import io.github.keepalive4j.support.FailingSource;
import io.github.keepalive4j.support.LinkPair;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;

/** Ends its JVM in a call from the library, with a shutdown hook that closes what is open. */
final class ExitProgram {
  /** The property that says where it ends. */
  static final String WHERE = "exit.where";

  static final int STATUS = 3;

  /** Where it ends. */
  enum Where {
    CALLBACK,
    CALLBACK_ON_THE_MONITORS_THREAD,
    CALLBACK_AND_CLOSED_WITH_A_TIME,
    VERDICT,
    LISTENERS_END,
    CLOSED_LINKS_END,
    CLOSED_LINKS_STAGE,
    SERVERS_LISTENER
  }

  private static final LinkListener ENDING =
      new LinkListener() {
        @Override
        public void onEnded(Watch.End end) {
          exit();
        }
      };

  private final Where where;
  private final FailingSource source = new FailingSource();

  private ExitProgram(Where where) throws Exception {
    this.where = where;
  }

  public static void main(String[] args) throws Exception {
    String name = System.getProperty(WHERE);
    new ExitProgram(Where.valueOf(name.toUpperCase(Locale.ROOT))).run();
  }

  private static void exit() {
    System.exit(STATUS);
  }

  private void run() throws Exception {
    KeepaliveServer server =
        KeepaliveServer.builder()
            .listener(
                new ServerListener() {
                  @Override
                  public void onConnected(BackupUpdate event) {
                    exit();
                  }
                })
            .open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    KeepaliveMonitor monitor = newMonitor();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  close(monitor);
                  server.close();
                  System.out.println("closed");
                }));
    if (where == Where.SERVERS_LISTENER) {
      KeepaliveSocket.connect(server.localAddress(), KeepaliveOptions.defaults());
    } else {
      end(monitor);
    }
  }

  private void close(KeepaliveMonitor monitor) {
    if (where != Where.CALLBACK_AND_CLOSED_WITH_A_TIME) {
      monitor.close();
      return;
    }
    try {
      boolean unused = monitor.close(Duration.ofDays(1));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private KeepaliveMonitor newMonitor() throws Exception {
    KeepaliveMonitor.Builder builder = KeepaliveMonitor.builder();
    if (where == Where.CALLBACK_ON_THE_MONITORS_THREAD) {
      builder.executor(Runnable::run);
    }
    if (where == Where.VERDICT) {
      builder.listener(
          new MonitorListener() {
            @Override
            public void onVerdict(Failure failure) {
              exit();
            }
          });
    }
    return builder.open();
  }

  private void end(KeepaliveMonitor monitor) throws Exception {
    LinkPair pair = source.connect();
    boolean inCallback = where.name().startsWith("CALLBACK");
    FailoverCallback callback =
        failover -> {
          if (inCallback) {
            exit();
          }
        };
    Watch watch =
        where == Where.LISTENERS_END || where == Where.CLOSED_LINKS_END
            ? monitor.watch(pair.link(), callback, ENDING)
            : monitor.watch(pair.link(), callback);
    if (where == Where.CLOSED_LINKS_STAGE) {
      watch.ended().thenRun(ExitProgram::exit);
    }
    if (where == Where.CLOSED_LINKS_END || where == Where.CLOSED_LINKS_STAGE) {
      pair.link().close();
    } else {
      pair.finish();
    }
  }
}
