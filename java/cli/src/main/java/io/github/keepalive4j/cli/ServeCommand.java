package io.github.keepalive4j.cli;

import io.github.keepalive4j.KeepaliveServer;
import java.io.IOException;
import java.net.InetAddress;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The source: lets backups watch this machine. */
@Command(
    name = "serve",
    description =
        "The source: accepts the links by which backups watch it, until stopped by a signal.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class ServeCommand implements Callable<Integer> {
  @Option(
      names = "--bind",
      paramLabel = "ADDR",
      converter = BindAddress.class,
      description = "The address to listen on (default: all, IPv6 and IPv4).")
  private InetAddress bind; // null for all

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "9999",
      converter = Bounds.ListeningPort.class,
      description = "The port, 0 to 65535; 0 lets the kernel choose (default: 9999).")
  private int port;

  @Mixin private OutputOptions outputOptions;

  @Override
  @SuppressWarnings("try") // a server serves by being open
  public Integer call() throws InterruptedException {
    ListenAddress address = new ListenAddress(bind, port);
    try (Output output = outputOptions.open()) {
      try (KeepaliveServer server = new Source(output).open(address)) {
        new CountDownLatch(1).await();
        return ExitStatus.OK;
      } catch (IOException e) {
        output.event(Event.error(address.toString(), Messages.of(e)));
        return ExitStatus.FAILED;
      }
    }
  }
}
