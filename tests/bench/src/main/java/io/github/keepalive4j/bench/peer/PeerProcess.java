package io.github.keepalive4j.bench.peer;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** Peers in a process of their own: {@code peerd.c}. */
public final class PeerProcess implements AutoCloseable {
  private static final String PROGRAM = "keepalive-bench-peer";
  private static final String RELEASE = "release";

  private final Process process;
  private final BufferedReader output;
  private final int port;

  private PeerProcess(String mode) throws IOException {
    process =
        new ProcessBuilder(Program.FILE.getPath(), mode)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    port = readNumber();
  }

  /** Starts a peer whose connections end in this way when it is killed. */
  public static PeerProcess mortal(Ending ending) throws IOException {
    return new PeerProcess(ending.key());
  }

  /** Starts a peer that resets a connection some time after it has been accepted. */
  public static PeerProcess releasing() throws IOException {
    return new PeerProcess(RELEASE);
  }

  public InetSocketAddress at(InetAddress address) {
    return new InetSocketAddress(address, port);
  }

  public int port() {
    return port;
  }

  /** Waits until it has accepted this many connections. */
  public void awaitAccepted(int count) throws IOException {
    OutputStream input = process.getOutputStream();
    do {
      input.write('\n');
      input.flush();
    } while (readNumber() < count);
  }

  private int readNumber() throws IOException {
    String line = output.readLine();
    if (line == null) {
      throw new IOException(PROGRAM + " has ended");
    }
    return Integer.parseInt(line);
  }

  /** Kills it with SIGKILL and returns once the kernel has taken it down. */
  public void kill() throws IOException {
    BenchLibrary.check("killing a peer", BenchLibrary.kb_kill((int) process.pid()));
  }

  /** Kills it with SIGKILL. When this returns, all its connections have ended. */
  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    output.close();
  }

  /** The program, out of the jar. */
  private static final class Program {
    static final File FILE = extract();

    private static File extract() {
      String resource = "/" + Platform.RESOURCE_PREFIX + "/" + PROGRAM;
      try {
        File file = Native.extractFromResourcePath(resource, PeerProcess.class.getClassLoader());
        if (!file.setExecutable(true)) {
          throw new IllegalStateException("can't make " + file + " executable");
        }
        return file;
      } catch (IOException e) {
        throw new ExceptionInInitializerError(e);
      }
    }
  }
}
