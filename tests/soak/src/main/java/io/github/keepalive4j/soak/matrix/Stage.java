package io.github.keepalive4j.soak.matrix;

import io.github.keepalive4j.soak.fault.Scene;
import io.github.keepalive4j.soak.program.Backup;
import io.github.keepalive4j.soak.program.Programs;
import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.Lab;
import io.github.keepalive4j.testkit.ManagedProcess;
import java.io.IOException;

/** A lab with both programs, for one row after the other. */
final class Stage implements AutoCloseable {
  private final Lab lab;
  private final Backup backup;
  private ManagedProcess source;

  private Stage(Lab lab) throws IOException, InterruptedException {
    this.lab = lab;
    this.source = Programs.source(lab.source());
    this.backup = Backup.start(lab.backup());
  }

  static Stage open() throws IOException, InterruptedException {
    Lab lab = Lab.open();
    boolean open = false;
    try {
      Stage stage = new Stage(lab);
      open = true;
      return stage;
    } finally {
      if (!open) {
        lab.close();
      }
    }
  }

  /**
   * Makes it as it was at the beginning: a source that was killed is started again, and the hosts
   * forget that they didn't find each other while an address was gone.
   */
  void restore() throws IOException, InterruptedException {
    for (Host host : lab.hosts()) {
      host.run("ip", "neighbour", "flush", "all");
    }
    if (!source.isAlive()) {
      source = Programs.source(lab.source());
    }
  }

  Lab lab() {
    return lab;
  }

  Backup backup() {
    return backup;
  }

  Scene scene() {
    return new Scene(lab.source(), source, lab.backup(), backup.process());
  }

  @Override
  public void close() throws IOException {
    lab.close();
  }
}
