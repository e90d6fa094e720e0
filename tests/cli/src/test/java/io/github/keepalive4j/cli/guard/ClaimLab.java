package io.github.keepalive4j.cli.guard;

import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.Lab;
import io.github.keepalive4j.zookeeper.LabEnsemble;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.TestInfo;

/** Hosts a, b and c, and an ensemble of three on hosts of their own. */
final class ClaimLab implements AutoCloseable {
  private final Lab lab;
  private final LabEnsemble ensemble;

  /** Starts the ensemble, whose files are in a folder. */
  ClaimLab(Path folder) throws IOException {
    lab = Lab.open("a", "b", "c", "zk1", "zk2", "zk3");
    ensemble = new LabEnsemble(lab.hosts().subList(3, 6), folder, List.of());
  }

  Host host(String name) {
    return lab.host(name);
  }

  LabEnsemble ensemble() {
    return ensemble;
  }

  /** Returns where a source on a host listens. */
  String address(String host) {
    return lab.host(host).ipv4().getHostAddress() + ":9999";
  }

  /** Returns what a test is to run: for a source that has its name, with files in a folder. */
  Site site(TestInfo test, Path folder) {
    return new Site(test.getTestMethod().orElseThrow().getName(), new ActRecord(folder));
  }

  /** The commands that one test runs for a source of its own, and what they run in their turn. */
  final class Site implements AutoCloseable {
    private final String id;
    private final ActRecord acts;
    private final List<Keepalive> started = new ArrayList<>();

    private Site(String id, ActRecord acts) {
      this.id = id;
      this.acts = acts;
    }

    ActRecord acts() {
      return acts;
    }

    /** Starts a source on a, and waits until it listens. */
    Keepalive serve() throws Exception {
      String address = host("a").ipv4().getHostAddress();
      Keepalive source = start("a", List.of("serve", "--bind", address));
      source.awaitEvent("listening");
      return source;
    }

    /** Watches the source on a from another host, whose command is known by the host's name. */
    Keepalive watch(String host, String... more) throws IOException {
      List<String> arguments = new ArrayList<>(List.of("watch", address("a")));
      arguments.addAll(List.of("--on-failover", acts.command(host)));
      arguments.addAll(List.of(more));
      return start(host, arguments);
    }

    private Keepalive start(String host, List<String> arguments) throws IOException {
      List<String> all = new ArrayList<>(arguments);
      all.addAll(List.of("--zookeeper", ensemble.connectString(), "--source-id", id, "--json"));
      Keepalive process =
          Keepalive.runProgramOn(host(host), Keepalive.command(all.toArray(String[]::new)));
      started.add(process);
      return process;
    }

    /** Kills all that was started. */
    @Override
    public void close() throws IOException {
      started.forEach(Keepalive::close);
      acts.killAll();
    }
  }

  @Override
  public void close() throws IOException {
    lab.close();
  }
}
