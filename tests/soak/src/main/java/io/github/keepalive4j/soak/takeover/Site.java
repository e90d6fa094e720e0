package io.github.keepalive4j.soak.takeover;

import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.Lab;
import io.github.keepalive4j.zookeeper.LabEnsemble;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A source, five backups and an ensemble of three servers, each on a host of its own. */
final class Site implements AutoCloseable {
  private static final String SOURCE = "source";
  private static final int BACKUPS = 5;
  private static final String[] HOSTS = {SOURCE, "b1", "b2", "b3", "b4", "b5", "zk1", "zk2", "zk3"};
  private static final int PORT = 9999;
  private static final List<String> SMALL_JVM =
      List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private final Plan plan;
  private final Lab lab;
  private final LabEnsemble ensemble;
  private final Workload workload;
  private final Map<String, Unit> units = new LinkedHashMap<>();

  private Site(Plan plan, Lab lab) throws IOException, InterruptedException {
    this.plan = plan;
    this.lab = lab;
    this.workload = Workload.compile(plan.folder());
    this.ensemble =
        new LabEnsemble(lab.hosts().subList(1 + BACKUPS, HOSTS.length), plan.folder(), List.of());
  }

  /** Starts all sides; what runs, and when, is up to them. */
  static Site open(Plan plan) throws IOException, InterruptedException {
    Lab lab = Lab.open(HOSTS);
    boolean open = false;
    try {
      Site site = new Site(plan, lab);
      for (Host host : lab.hosts().subList(0, 1 + BACKUPS)) {
        site.start(host);
      }
      open = true;
      return site;
    } finally {
      if (!open) {
        lab.close();
      }
    }
  }

  private void start(Host host) throws IOException {
    Path log = plan.folder().resolve(host.name() + ".log");
    units.put(host.name(), Unit.start(host, command(host), log));
  }

  private List<String> command(Host host) {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(SMALL_JVM);
    command.addAll(List.of("-jar", plan.jar().toAbsolutePath().toString()));
    command.addAll(host.name().equals(SOURCE) ? serve(host) : watch(host));
    command.addAll(
        List.of("--zookeeper", ensemble.connectString(), "--source-id", "vm1", "--json"));
    return command;
  }

  private List<String> serve(Host host) {
    return List.of(
        "serve",
        "--bind",
        host.ipv4().getHostAddress(),
        "--wait",
        "forever",
        "--stop-timeout",
        "1s",
        "--on-claim-won",
        workload.command(host.name()));
  }

  private List<String> watch(Host host) {
    return List.of(
        "watch",
        lab.host(SOURCE).ipv4().getHostAddress() + ":" + PORT,
        "--detect-within",
        "500ms",
        "--rearm",
        "--wait",
        "forever",
        "--takeover-after",
        "3s",
        "--live-holder",
        plan.liveHolder(),
        "--advertise",
        host.ipv4().getHostAddress() + ":" + PORT,
        "--on-failover",
        workload.command(host.name()));
  }

  LabEnsemble ensemble() {
    return ensemble;
  }

  Workload workload() {
    return workload;
  }

  Unit unit(String host) {
    return units.get(host);
  }

  @Override
  public void close() throws IOException {
    for (Unit unit : units.values()) {
      unit.close();
    }
    lab.close();
  }
}
