package io.github.keepalive4j.zookeeper;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Passes connections on to a server until it is cut, and again once it is mended. */
public final class Relay implements AutoCloseable {
  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final InetSocketAddress target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean cut;

  public Relay(int port) throws IOException {
    target = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    start(this::acceptAll);
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "relay");
    thread.setDaemon(true);
    thread.start();
  }

  public String address() {
    return "127.0.0.1:" + listener.getLocalPort();
  }

  public void cut() {
    cut = true;
    open.forEach(Relay::closeQuietly);
  }

  public void mend() {
    cut = false;
  }

  private void acceptAll() {
    try {
      while (true) {
        Socket client = listener.accept();
        if (cut) {
          client.close();
        } else {
          connect(client);
        }
      }
    } catch (IOException e) {
      return; // closed
    }
  }

  private void connect(Socket client) {
    Socket server = new Socket();
    open.add(client);
    open.add(server);
    try {
      server.connect(target, 1_000);
      start(() -> pump(client, server));
      start(() -> pump(server, client));
    } catch (IOException e) {
      closeQuietly(client);
    }
    if (cut) {
      cut(); // which may have looked before they were in the set
    }
  }

  private void pump(Socket from, Socket to) {
    try (from;
        to;
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      in.transferTo(out);
    } catch (IOException e) {
      return; // cut
    } finally {
      open.remove(from);
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      return; // closed is closed
    }
  }

  @Override
  public void close() throws IOException {
    cut();
    listener.close();
  }
}
