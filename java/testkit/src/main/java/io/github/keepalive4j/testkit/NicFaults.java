package io.github.keepalive4j.testkit;

import io.github.keepalive4j.testkit.Device.Defect;
import io.github.keepalive4j.testkit.PacketFault.Path;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Inflicts faults on one or more connections of a host. */
final class NicFaults {
  static final String DROP = "drop";

  private final Lab lab;

  @FunctionalInterface
  private interface Action {
    void run(Nic nic) throws IOException;
  }

  NicFaults(Lab lab) {
    this.lab = lab;
  }

  Fault judge(String description, List<Path> paths, String verdict) throws IOException {
    PacketFault fault = new PacketFault(paths, verdict);
    return lab.inflict(description, fault::inflict, fault::undo);
  }

  Fault drop(String description, List<Nic> nics) throws IOException {
    return lab.hasNftables()
        ? judge(description, nics.stream().flatMap(Nic::bothWays).toList(), DROP)
        : leaveBridge(description, nics);
  }

  Fault leaveBridge(String description, List<Nic> nics) throws IOException {
    prepare(nics, PortFault::prepare);
    return inflict(description, nics, PortFault::inflict, PortFault::undo);
  }

  Fault defect(String description, Defect defect, List<Nic> nics) throws IOException {
    prepare(nics, nic -> nic.link().rememberConfiguration());
    return inflict(description, nics, nic -> nic.link().inflict(defect), nic -> undo(defect, nic));
  }

  private static void undo(Defect defect, Nic nic) throws IOException {
    nic.link().undo(defect);
    nic.network().awaitCarrier();
    if (defect == Defect.DOWN) {
      nic.network().forgetUnanswered();
    }
  }

  private void prepare(List<Nic> nics, Action action) throws IOException {
    lab.whileOpen(
        () -> {
          for (Nic nic : nics) {
            action.run(nic);
          }
          return null;
        });
  }

  /** Inflicts a fault on all, and undoes it where it had begun. */
  private Fault inflict(String description, List<Nic> nics, Action inflict, Action undo)
      throws IOException {
    Deque<Nic> begun = new ArrayDeque<>();
    return lab.inflict(
        description,
        () -> {
          for (Nic nic : nics) {
            begun.push(nic);
            inflict.run(nic);
          }
        },
        () -> {
          while (!begun.isEmpty()) {
            undo.run(begun.pop());
          }
        });
  }

  static String dropSome(double percent) {
    if (!(percent >= 0 && percent <= 100)) {
      throw new IllegalArgumentException("percent " + percent + " is not from 0 to 100");
    }
    long of10000 = Math.round(percent * 100);
    return of10000 == 10_000 ? DROP : "numgen random mod 10000 < " + of10000 + " " + DROP;
  }
}
