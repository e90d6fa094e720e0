package io.github.keepalive4j.soak.program;

import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.soak.fault.Mechanism;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A backup that runs until its standard input ends. It writes a line for each event of its links
 * ({@link BackupEvent}) and takes two commands:
 *
 * <ul>
 *   <li>{@code open NAME MECHANISM ADDRESS TOLERANT CONFIRM_MS} connects and watches a link
 *   <li>{@code close NAME} closes all links and confirms it under that name
 * </ul>
 */
public final class BackupProgram {
  static final String READY = "ready";
  static final String OPEN = "open";
  static final String CLOSE = "close";

  /** The links, and a monitor of its own for each that wants a second opinion. */
  private final List<AutoCloseable> open = new ArrayList<>();

  private BackupProgram() {}

  public static void main(String[] args) throws Exception {
    try (KeepaliveMonitor monitor = KeepaliveMonitor.open();
        BufferedReader commands =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      BackupProgram program = new BackupProgram();
      System.out.println(READY);
      for (String line = commands.readLine(); line != null; line = commands.readLine()) {
        program.execute(monitor, line.split(" ", -1));
      }
    }
  }

  private void execute(KeepaliveMonitor monitor, String[] command) throws Exception {
    switch (command[0]) {
      case OPEN -> open(monitor, command);
      case CLOSE -> {
        for (AutoCloseable each : open) {
          each.close();
        }
        open.clear();
        BackupEvent.now(command[1], BackupEvent.CLOSED, BackupEvent.NO_DETAIL).print();
      }
      default -> throw new IOException("unknown command " + command[0]);
    }
  }

  private void open(KeepaliveMonitor monitor, String[] command) {
    String name = command[1];
    Mechanism mechanism = Mechanism.valueOf(command[2]);
    InetSocketAddress source = new InetSocketAddress(command[3], SourceProgram.PORT);
    boolean tolerant = Boolean.parseBoolean(command[4]);
    KeepaliveOptions options = tolerant ? mechanism.tolerantOptions() : mechanism.options();
    Duration confirm = Duration.ofMillis(Long.parseLong(command[5]));
    try {
      KeepaliveSocket link = KeepaliveSocket.connect(source, options);
      open.add(link);
      EventWriter writer = new EventWriter(name, BackupEvent::print);
      (confirm.isZero() ? monitor : newMonitor(confirm)).watch(link, writer, writer);
    } catch (IOException e) {
      String message = e.getMessage().replace(' ', '_');
      BackupEvent.now(name, BackupEvent.REFUSED, message).print();
    }
  }

  private KeepaliveMonitor newMonitor(Duration confirm) throws IOException {
    KeepaliveMonitor monitor = KeepaliveMonitor.builder().confirm(confirm).open();
    open.add(monitor);
    return monitor;
  }
}
