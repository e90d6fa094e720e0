package io.github.keepalive4j.cli.demo;

import io.github.keepalive4j.cli.ExitStatus;
import io.github.keepalive4j.cli.output.Event;
import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.Lab;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Shows how a virtual machine's copy on the backup goes on after its host was cut off. */
final class QemuDemo {
  private static final String PROGRAM = "qemu-system-x86_64";
  private static final int LINES_SEEN = 10;

  private final PrintWriter out;

  QemuDemo(PrintWriter out) {
    this.out = out;
  }

  /** Tells whether the backup's machine took over. */
  boolean play() throws IOException, InterruptedException {
    Optional<String> lacking = lackingQemu().or(Lab::unavailabilityCause);
    if (lacking.isPresent()) {
      out.println("This needs two hosts made of network namespaces, and QEMU: " + lacking.get());
      return false;
    }
    Path directory = Files.createTempDirectory("keepalive-demo");
    directory.toFile().deleteOnExit();
    try (Lab lab = Lab.open();
        QemuPair pair = QemuPair.start(lab, directory)) {
      return play(lab, pair);
    }
  }

  private static Optional<String> lackingQemu() {
    boolean installed =
        Stream.of(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, PROGRAM)));
    return installed
        ? Optional.empty()
        : Optional.of(PROGRAM + " is not installed (apt-get install qemu-system-x86)");
  }

  private boolean play(Lab lab, QemuPair pair) throws IOException, InterruptedException {
    out.println("Two hosts, a virtual machine on each. The source's counts on its serial port.");
    pair.awaitSourceCount(LINES_SEEN);
    long copied = pair.copy();
    out.println("Its state is copied to the backup's by live migration, at count " + copied + ".");
    out.println("The source's runs on, the backup's is paused.");
    DemoHosts stage = DemoHosts.in(lab);
    try (ChildCommand source = stage.serve()) {
      String address = source.awaitEvent(Event.Type.LISTENING).get("peer");
      out.println("  source:  keepalive serve");
      out.println("  backup:  keepalive watch " + address + " --qmp " + pair.backupQmp());
      try (ChildCommand backup = stage.watch(address, "--qmp", pair.backupQmp())) {
        backup.awaitEvents(Event.Type.UP, Event.Type.CONNECTED);
        return cut(lab, pair, backup, copied);
      }
    }
  }

  private boolean cut(Lab lab, QemuPair pair, ChildCommand backup, long copied)
      throws IOException, InterruptedException {
    try (Fault cut = lab.source().drop()) {
      DemoTimeline timeline =
          DemoTimeline.begin(
              out,
              cut.effectiveNs(),
              "the source's host is cut off, its guest has counted to " + pair.sourceCount());
      if (timeline.follow(backup) != ExitStatus.OK) {
        return false;
      }
      pair.awaitBackupCount(copied + LINES_SEEN);
      timeline.show(
          System.nanoTime(),
          "the backup's guest goes on from "
              + copied
              + ": "
              + pair.firstBackupCount()
              + " to "
              + pair.backupCount());
      out.println("The source's host was cut off, not dead: its guest counts on, too, unseen.");
      return true;
    }
  }
}
