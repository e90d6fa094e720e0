package io.github.keepalive4j.qemu;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A QMP server that follows a script, one connection at a time. */
final class FakeQemu implements AutoCloseable {

  static final String GREETING =
      "{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 3, \"minor\": 2, \"major\": 7},"
          + " \"package\": \"fake\"}, \"capabilities\": [\"oob\"]}}\r\n";

  private static final JsonMapper JSON = new JsonMapper();

  private final ServerSocketChannel server;
  private final Script script;
  private final List<JsonNode> commands = new CopyOnWriteArrayList<>();
  private volatile SocketChannel current;
  private volatile boolean closed;

  /** What happens on one connection; it is closed when the script returns. */
  interface Script {
    void run(Connection connection) throws IOException;
  }

  /** Answers one command. In the returned text {@code $ID} stands for the command's id. */
  interface Answers {
    String to(JsonNode command);
  }

  private FakeQemu(ServerSocketChannel server, Script script) {
    this.server = server;
    this.script = script;
    Thread thread = new Thread(this::run, "fake QEMU");
    thread.setDaemon(true);
    thread.start();
  }

  static FakeQemu onTcp(Script script) throws IOException {
    return onTcp(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), script);
  }

  static FakeQemu onTcp(SocketAddress address, Script script) throws IOException {
    return new FakeQemu(ServerSocketChannel.open().bind(address), script);
  }

  static FakeQemu onUnix(Path path, Script script) throws IOException {
    return new FakeQemu(
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
            .bind(UnixDomainSocketAddress.of(path)),
        script);
  }

  /** Starts a server that negotiates as QEMU does and then answers each command. */
  static FakeQemu answering(Answers answers) throws IOException {
    return onTcp(
        connection -> {
          connection.negotiate();
          while (true) {
            connection.answer(connection.command(), answers);
          }
        });
  }

  static String success(String value) {
    return "{\"return\": " + value + ", \"id\": $ID}\r\n";
  }

  static String error(String errorClass, String description) {
    return "{\"error\": {\"class\": \""
        + errorClass
        + "\", \"desc\": \""
        + description
        + "\"}, \"id\": $ID}\r\n";
  }

  static String name(JsonNode command) {
    return command.path("execute").asText(command.path("exec-oob").asText());
  }

  SocketAddress address() throws IOException {
    return server.getLocalAddress();
  }

  /** Returns the commands that came after the negotiation, in order. */
  List<JsonNode> commands() {
    return commands;
  }

  long count(String name) {
    return commands.stream().filter(command -> name(command).equals(name)).count();
  }

  private void run() {
    while (!closed) {
      try (SocketChannel accepted = server.accept()) {
        current = accepted;
        script.run(new Connection(accepted));
      } catch (IOException e) {
        // the client or close() ended the connection
      }
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    server.close();
    if (current != null) {
      current.close();
    }
  }

  /** One connection, as the script sees it. */
  final class Connection {

    private final BufferedReader in;
    private final OutputStream out;

    private Connection(SocketChannel channel) {
      in =
          new BufferedReader(
              new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
      out = Channels.newOutputStream(channel);
    }

    void negotiate() throws IOException {
      send(GREETING);
      JsonNode negotiation = read();
      if (!name(negotiation).equals("qmp_capabilities")) {
        throw new IOException("not a negotiation: " + negotiation);
      }
      answer(negotiation, any -> success("{}"));
    }

    JsonNode command() throws IOException {
      JsonNode command = read();
      commands.add(command);
      return command;
    }

    void answer(JsonNode command, Answers answers) throws IOException {
      send(answers.to(command).replace("$ID", command.path("id").toString()));
    }

    void send(String text) throws IOException {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    void send(byte[] bytes, int from, int to) throws IOException {
      out.write(bytes, from, to - from);
    }

    /** Reads but never answers, until the client ends the connection. */
    void fallSilent() throws IOException {
      while (true) {
        command();
      }
    }

    private JsonNode read() throws IOException {
      String line = in.readLine();
      if (line == null) {
        throw new EOFException("the client closed");
      }
      return JSON.readTree(line);
    }
  }
}
