package io.github.keepalive4j.cli.workload;

import io.github.keepalive4j.cli.output.Messages;
import io.github.keepalive4j.cli.qemu.QmpTarget;
import io.github.keepalive4j.internal.shim.ForeignProcess;
import io.github.keepalive4j.qemu.QmpSessionOptions;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What a source stands for, so that its end is told at once. */
public final class WorkloadOptions {
  @Option(
      names = "--pid-file",
      paramLabel = "FILE",
      description = {
        "Stand for the process whose number is FILE's first line. When it ends, backups take over at once, with",
        "WORKLOAD_ENDED if they send probes, else with CLOSED. Listen while FILE names a process that runs."
      })
  private Path pidFile; // null for none

  @Option(
      names = "--qmp",
      paramLabel = "PATH",
      converter = QmpTarget.Converter.class,
      description = {
        "Stand for the machine of the QEMU with this QMP socket, likewise: a path, unix:PATH or tcp:HOST:PORT.",
        "It has ended after SHUTDOWN or GUEST_PANICKED, or when QEMU ends the connection."
      })
  private QmpTarget target; // null for none

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /** Refuses what can't become right by waiting. */
  public void check() {
    if (pidFile != null && target != null) {
      throw usage("--pid-file goes without --qmp");
    }
    if (pidFile != null) {
      checkPidFile();
    }
  }

  private void checkPidFile() {
    try {
      ForeignProcess.of((int) ProcessHandle.current().pid()).ifPresent(ForeignProcess::close);
    } catch (IOException e) {
      throw usage("--pid-file needs the shim and Linux 5.3: " + Messages.of(e));
    }
    try (PidFileReader reader = new PidFileReader(new PidFile(pidFile))) {
      var unused = reader.read();
    } catch (NoProcessException e) {
      if (e.isUsageError()) {
        throw usage("--pid-file: " + e.getMessage());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /**
   * Begins to observe the workload. Where none is given it is one that always runs.
   *
   * @param beginsLater whether the source itself begins it
   */
  public Workload open(boolean beginsLater) {
    if (pidFile != null) {
      PidFile file = new PidFile(pidFile);
      Workload workload = new Workload(beginsLater, Workload.UNKNOWN);
      return workload.observedBy(new PidFileObserver(file, workload));
    }
    if (target != null) {
      Workload workload = new Workload(beginsLater, QmpObserver.gone(target.name()));
      return workload.observedBy(
          new QmpObserver(target.name(), target.address(), workload, QmpSessionOptions.defaults()));
    }
    return new Workload(beginsLater, null);
  }
}
