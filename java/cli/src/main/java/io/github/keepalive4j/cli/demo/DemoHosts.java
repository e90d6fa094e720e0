package io.github.keepalive4j.cli.demo;

import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.Lab;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

/**
 * Where a demo's two programs run.
 *
 * @param address where the source is reached
 * @param onSource what starts a program on the source's host
 * @param onBackup what starts a program on the backup's host
 */
record DemoHosts(String address, List<String> onSource, List<String> onBackup) {

  /** Two hosts. */
  static DemoHosts in(Lab lab) {
    return new DemoHosts(
        lab.source().ipv4().getHostAddress(), starter(lab.source()), starter(lab.backup()));
  }

  /** This host alone. */
  static DemoHosts onLoopback() {
    return new DemoHosts(InetAddress.getLoopbackAddress().getHostAddress(), List.of(), List.of());
  }

  private static List<String> starter(Host host) {
    return List.of("ip", "netns", "exec", host.namespace());
  }

  ChildCommand serve() throws IOException {
    return ChildCommand.start(onSource, "serve", "--bind", address, "--port", "0", "--json");
  }

  ChildCommand watch(String source, String option, String value) throws IOException {
    return ChildCommand.start(onBackup, "watch", source, "--json", option, value);
  }
}
