package io.github.keepalive4j.soak.takeover;

import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.Host;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What befalls the holder. */
enum Injury {
  /** Its process is killed: SIGKILL. */
  KILLED {
    @Override
    List<Fault> inflict(Unit holder, List<Host> ensemble) throws IOException {
      holder.process().kill();
      return List.of();
    }
  },
  /** Its process is asked to end: SIGTERM, as by {@code systemctl restart}. */
  TERMINATED {
    @Override
    List<Fault> inflict(Unit holder, List<Host> ensemble) {
      ProcessHandle.of(holder.process().pid()).ifPresent(ProcessHandle::destroy);
      return List.of();
    }
  },
  /** Its process is stopped: SIGSTOP. What it started runs on. */
  PAUSED {
    @Override
    List<Fault> inflict(Unit holder, List<Host> ensemble) throws IOException {
      return List.of(holder.process().stop());
    }
  },
  /** It reaches the backups, but no server of the ensemble. */
  CUT_FROM_ENSEMBLE {
    @Override
    List<Fault> inflict(Unit holder, List<Host> ensemble) throws IOException {
      List<Fault> cuts = new ArrayList<>();
      for (Host server : ensemble) {
        cuts.add(holder.host().drop(server));
      }
      return cuts;
    }
  },
  /** It reaches nobody. */
  CUT_OFF {
    @Override
    List<Fault> inflict(Unit holder, List<Host> ensemble) throws IOException {
      return List.of(holder.host().drop());
    }
  };

  /** Returns what has to be undone once another one holds the claim. */
  abstract List<Fault> inflict(Unit holder, List<Host> ensemble) throws IOException;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
