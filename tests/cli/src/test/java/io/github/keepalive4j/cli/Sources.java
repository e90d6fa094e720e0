package io.github.keepalive4j.cli;

import io.github.keepalive4j.testkit.Host;
import java.io.IOException;
import java.net.InetAddress;

/** Sources to be watched. */
public final class Sources {
  private Sources() {}

  /** A {@code serve} that listens, and where. */
  public record Listening(Keepalive process, String address) implements AutoCloseable {
    public int port() {
      return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    @Override
    public void close() {
      process.close();
    }
  }

  public static Listening onLoopback() throws IOException, InterruptedException {
    return listening(Keepalive.run("serve", "--bind", "127.0.0.1", "--port", "0", "--json"));
  }

  public static Listening onLoopback(int port) throws IOException, InterruptedException {
    return listening(Keepalive.run("serve", "--bind", "127.0.0.1", "--port", "" + port, "--json"));
  }

  public static Listening on(Host host, InetAddress address)
      throws IOException, InterruptedException {
    return listening(Keepalive.runOn(host, "serve", "--bind", address.getHostAddress(), "--json"));
  }

  public static Listening listening(Keepalive serve) throws InterruptedException {
    return new Listening(serve, serve.awaitEvent("listening").text("peer"));
  }
}
