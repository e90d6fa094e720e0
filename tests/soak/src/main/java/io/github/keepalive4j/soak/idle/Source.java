package io.github.keepalive4j.soak.idle;

import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.ManagedProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** The shipped command's {@code serve} on a host, and its ends. Where it dies, the next is new. */
final class Source {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Host host;
  private final Plan plan;
  private final Path killer;
  private final Path pidFile;
  private ManagedProcess serve; // null while there is none
  private ManagedProcess workload; // null while there is none
  private Fault cut; // null while there is none

  Source(Host host, Plan plan, Programs programs, Path folder) {
    this.host = host;
    this.plan = plan;
    this.killer = programs.kill();
    this.pidFile = folder.resolve("workload.pid");
  }

  String address() {
    return host.ipv4().getHostAddress();
  }

  /** Starts what isn't there, and waits until the source listens. */
  void beReady() throws IOException, InterruptedException, TimeoutException {
    if (serve != null) {
      return;
    }
    if (plan.end() == End.WORKLOAD) {
      workload = host.start("sleep", "infinity");
      Files.writeString(pidFile, workload.pid() + "\n");
    }
    serve = host.start(plan.serve(address(), pidFile));
    serve.awaitLine("\"event\":\"listening\"", LIMIT);
  }

  Ended end() throws IOException, InterruptedException, TimeoutException {
    return switch (plan.end()) {
      case CUT -> cutOff(host.drop());
      case CARRIER -> cutOff(host.linkDown());
      case KILL -> kill(serve);
      case WORKLOAD -> kill(workload);
    };
  }

  private Ended cutOff(Fault fault) {
    cut = fault;
    return new Ended(cut.startedNs(), cut.effectiveNs());
  }

  private Ended kill(ManagedProcess process)
      throws IOException, InterruptedException, TimeoutException {
    ManagedProcess kill = host.start(killer.toString(), Long.toString(process.pid()));
    long killedNs = Long.parseLong(kill.awaitLine("^\\d+$", LIMIT).text());
    return new Ended(killedNs, killedNs);
  }

  /** Undoes the end, as far as that is possible. */
  void recover() throws IOException {
    if (cut != null) {
      cut.close();
      cut = null;
    } else {
      serve.kill();
      serve = null;
      workload = null; // it has been killed, or there was none
    }
  }
}
