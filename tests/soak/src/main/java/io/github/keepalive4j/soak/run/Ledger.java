package io.github.keepalive4j.soak.run;

import io.github.keepalive4j.soak.check.Spell;
import io.github.keepalive4j.soak.check.Trouble;
import io.github.keepalive4j.soak.fault.Inflicted;
import io.github.keepalive4j.testkit.Host;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Inflicts troubles, and keeps a record of them. All methods may be called by any thread. */
final class Ledger {
  /** A solicitation that found its neighbour not ready yet is sent again (RFC 4861, section 10). */
  private static final long SOLICITED_AGAIN_NS = TimeUnit.SECONDS.toNanos(1);

  private final Stage stage;
  private final List<Spell> spells = new ArrayList<>();

  /**
   * Held while a device is changed: to set one up again waits for the carrier of all that aren't
   * down.
   */
  private final Object devices = new Object();

  Ledger(Stage stage) {
    this.stage = stage;
  }

  synchronized List<Spell> spells() {
    return List.copyOf(spells);
  }

  private synchronized void add(Spell spell) {
    spells.add(spell);
  }

  /** Ends the connections to a source. */
  void end(Trouble trouble, int source) throws IOException, InterruptedException {
    long startedNs = System.nanoTime();
    if (trouble.equals(Trouble.STAND_DOWN)) {
      stage.sources().get(source).standDown();
    } else {
      Inflicted.on(stage.scene(source), trouble.fault());
    }
    long effectiveNs = System.nanoTime();
    add(new Spell(trouble, source, startedNs, effectiveNs, effectiveNs, effectiveNs));
  }

  /**
   * Inflicts a trouble that lasts.
   *
   * @param source the source, or {@link Spell#ALL}
   * @return undoes it
   */
  Lasting begin(Trouble trouble, int source) throws IOException {
    return new Lasting(trouble, source);
  }

  /** A trouble in force. */
  final class Lasting {
    private final Trouble trouble;
    private final int source;
    private final Inflicted inflicted;

    private Lasting(Trouble trouble, int source) throws IOException {
      this.trouble = trouble;
      this.source = source;
      synchronized (trouble.isUnresolved() ? devices : this) {
        inflicted = Inflicted.on(stage.scene(Math.max(0, source)), trouble.fault());
      }
    }

    void undo() throws IOException, InterruptedException {
      long endingNs = System.nanoTime();
      if (trouble.isUnresolved()) {
        synchronized (devices) {
          endingNs = System.nanoTime();
          inflicted.close();
        }
        resolve();
      } else {
        inflicted.close();
      }
      long endedNs = System.nanoTime() + (trouble.isUnresolved() ? SOLICITED_AGAIN_NS : 0);
      add(
          new Spell(
              trouble, source, inflicted.startedNs(), inflicted.effectiveNs(), endingNs, endedNs));
    }

    /** Neighbours that looked for each other in vain look again at once, if they can. */
    private void resolve() throws IOException, InterruptedException {
      for (Source each : stage.sources()) {
        if (source == Spell.ALL || each == stage.sources().get(source)) {
          flush(each.host());
        }
      }
      flush(stage.backupHost());
    }

    private static void flush(Host host) throws IOException, InterruptedException {
      host.run("ip", "neighbour", "flush", "all");
    }
  }
}
