package io.github.keepalive4j.cli.guard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** A QMP server with a paused machine, which can hold its answers back. */
public final class ScriptedQemu implements AutoCloseable {
  private static final String GREETING =
      "{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 3, \"minor\": 2, \"major\": 7},"
          + " \"package\": \"\"}, \"capabilities\": []}}";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final ServerSocketChannel server;
  private final List<String> commands = new ArrayList<>(); // guarded by this
  private final Queue<JsonNode> held = new ArrayDeque<>(); // guarded by this
  private SocketChannel connection; // guarded by this
  private boolean holding; // guarded by this
  private String status = "paused"; // guarded by this

  private ScriptedQemu(ServerSocketChannel server) {
    this.server = server;
  }

  public static ScriptedQemu listen(Path socket) throws IOException {
    ScriptedQemu qemu = new ScriptedQemu(ServerSocketChannel.open(StandardProtocolFamily.UNIX));
    qemu.server.bind(UnixDomainSocketAddress.of(socket));
    Thread thread = new Thread(qemu::run, "scripted QEMU");
    thread.setDaemon(true);
    thread.start();
    return qemu;
  }

  private void run() {
    while (server.isOpen()) {
      try (SocketChannel accepted = server.accept()) {
        serve(accepted);
      } catch (IOException e) {
        // the client or close() ended the connection
      }
    }
  }

  private void serve(SocketChannel accepted) throws IOException {
    synchronized (this) {
      connection = accepted;
      held.clear();
      write(GREETING);
    }
    try (BufferedReader lines =
        new BufferedReader(Channels.newReader(accepted, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        take(MAPPER.readTree(line));
      }
    }
  }

  /** The answer to {@code stop} is never held back. */
  private synchronized void take(JsonNode command) throws IOException {
    String name = command.get("execute").textValue();
    commands.add(name);
    if (holding && !name.equals("stop")) {
      held.add(command);
    } else {
      answer(command);
    }
  }

  private void answer(JsonNode command) throws IOException {
    boolean asks = command.get("execute").textValue().equals("query-status");
    String state = "{\"status\": \"" + status + "\", \"running\": false, \"singlestep\": false}";
    write("{\"return\": " + (asks ? state : "{}") + ", \"id\": " + command.get("id") + "}");
  }

  private void write(String line) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      connection.write(bytes);
    }
  }

  /** Answers nothing from now on but {@code stop}. */
  public synchronized void hold() {
    commands.clear();
    holding = true;
  }

  /** Answers what was held back, and what comes. */
  public synchronized void release() {
    holding = false;
    try {
      for (JsonNode command = held.poll(); command != null; command = held.poll()) {
        answer(command);
      }
    } catch (IOException e) {
      held.clear(); // the client didn't wait for it
    }
  }

  /** Sets the machine's state, and tells nobody. */
  public synchronized void setStatus(String changed) {
    status = changed;
  }

  /** Tells an event without data. */
  public synchronized void tell(String event) throws IOException {
    String time = "{\"seconds\": 1, \"microseconds\": 0}";
    write("{\"timestamp\": " + time + ", \"event\": \"" + event + "\"}");
  }

  /** Returns the commands since {@link #hold}. */
  public synchronized List<String> commands() {
    return List.copyOf(commands);
  }

  /** Listens no more, and ends the connection. */
  @Override
  public void close() throws IOException {
    server.close();
    SocketChannel last;
    synchronized (this) {
      last = connection;
    }
    if (last != null) {
      last.close();
    }
  }
}
