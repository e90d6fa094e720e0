package io.github.keepalive4j.cli;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.Md5Key;
import io.github.keepalive4j.Transport;
import io.github.keepalive4j.cli.output.Messages;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How the two ends of a link authenticate each other. Both ends need the same options. */
public final class TrustOptions {
  @Option(
      names = "--md5-key-file",
      paramLabel = "FILE",
      description = {
        "A file with the key that signs every segment (TCP_MD5SIG): 1 to 80 bytes; a final line end doesn't count.",
        "The kernel drops what a peer without the key sends."
      })
  private Path keyFile; // null for none

  @Option(
      names = "--single-hop",
      description =
          "Accept packets from the same network only: routed packets are dropped (RFC 5082).")
  private boolean singleHop;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  public KeepaliveOptions addTo(KeepaliveOptions options) {
    check();
    KeepaliveOptions.Builder builder = options.toBuilder();
    if (keyFile != null) {
      builder.md5Key(readKey());
    }
    return (singleHop ? builder.singleHop(true) : builder).build();
  }

  public KeepaliveServer.Builder addTo(KeepaliveServer.Builder server) {
    check();
    if (keyFile != null) {
      server.md5Key(readKey());
    }
    return server.singleHop(singleHop);
  }

  private void check() {
    if (Transport.selected() == Transport.JDK) {
      refuse("--md5-key-file", keyFile != null);
      refuse("--single-hop", singleHop);
    }
  }

  private void refuse(String option, boolean asked) {
    if (asked) {
      throw usage(option + ": the JDK transport can't honour it; use the native transport");
    }
  }

  private Md5Key readKey() {
    try {
      return Md5Key.readFrom(keyFile);
    } catch (NoSuchFileException e) {
      throw usage("Invalid value for option '--md5-key-file': there is no file " + keyFile);
    } catch (IOException e) {
      throw usage("Invalid value for option '--md5-key-file': " + Messages.of(e));
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
