package io.github.keepalive4j.zookeeper;

import static java.util.stream.Collectors.joining;

import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.ManagedProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.server.quorum.QuorumPeerMain;

/** An ensemble whose servers are processes, each on a host of its own. */
public final class LabEnsemble {
  private static final List<String> SMALL =
      List.of("-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private final List<Host> hosts;
  private final Path directory;
  private final List<String> more;
  private final List<ManagedProcess> servers = new ArrayList<>();

  LabEnsemble(List<Host> hosts, Path directory) throws IOException {
    this(hosts, directory, List.of());
  }

  /** Starts the servers, with more lines in their configuration. */
  public LabEnsemble(List<Host> hosts, Path directory, List<String> more) throws IOException {
    this.more = List.copyOf(more);
    this.hosts = hosts;
    this.directory = directory;
    for (int server = 0; server < hosts.size(); server++) {
      configure(server);
      servers.add(start(server));
    }
  }

  private void configure(int server) throws IOException {
    Path data = Files.createDirectories(directory.resolve("zk" + server));
    Files.writeString(data.resolve("myid"), Integer.toString(server));
    List<String> lines = new ArrayList<>();
    lines.add("dataDir=" + data);
    lines.add("clientPort=2181");
    lines.add("tickTime=500");
    lines.add("initLimit=20");
    lines.add("syncLimit=4");
    lines.add("admin.enableServer=false");
    for (int other = 0; other < hosts.size(); other++) {
      lines.add("server." + other + "=" + address(other) + ":2888:3888");
    }
    lines.addAll(more);
    Files.write(data.resolve("zoo.cfg"), lines);
  }

  private String address(int server) {
    return hosts.get(server).ipv4().getHostAddress();
  }

  private ManagedProcess start(int server) throws IOException {
    String configuration = directory.resolve("zk" + server).resolve("zoo.cfg").toString();
    return hosts.get(server).startJava(SMALL, QuorumPeerMain.class, configuration);
  }

  public String connectString() {
    return hosts.stream().map(host -> host.ipv4().getHostAddress() + ":2181").collect(joining(","));
  }

  public List<Host> hosts() {
    return hosts;
  }

  public void kill(int server) throws IOException {
    servers.get(server).kill();
  }

  /** Stops a server's process (SIGSTOP); closing the fault lets it continue. */
  public Fault pause(int server) throws IOException {
    return servers.get(server).stop();
  }

  public void restart(int server) throws IOException {
    servers.set(server, start(server));
  }
}
