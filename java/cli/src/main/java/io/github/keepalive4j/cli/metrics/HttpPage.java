package io.github.keepalive4j.cli.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.keepalive4j.cli.output.Messages;
import io.github.keepalive4j.internal.AddressText;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One page, made anew for each request by the JDK's server. A few daemon threads serve it, each
 * request for a few seconds at most.
 */
final class HttpPage implements AutoCloseable {
  private static final int THREADS = 2;
  private static final int WAITING = 16;
  private static final long THREAD_IDLE_S = 10;
  private static final String REQUEST_LIMIT_S = "5";
  private static final int NO_BODY = -1;

  private final HttpServer server;
  private final ThreadPoolExecutor threads;
  private final String path;
  private final String contentType;
  private final Supplier<byte[]> body;

  static {
    // the server reads these when its classes load; without them a silent client keeps a thread
    // forever
    setUnlessSet("sun.net.httpserver.maxReqTime", REQUEST_LIMIT_S);
    setUnlessSet("sun.net.httpserver.maxRspTime", REQUEST_LIMIT_S);
  }

  private HttpPage(HttpServer server, String path, String contentType, Supplier<byte[]> body) {
    this.server = server;
    this.path = path;
    this.contentType = contentType;
    this.body = body;
    threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            THREAD_IDLE_S,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            HttpPage::newThread);
  }

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  private static Thread newThread(Runnable task) {
    Thread thread = new Thread(task, "metrics");
    thread.setDaemon(true);
    return thread;
  }

  static HttpPage serve(
      InetSocketAddress address, String path, String contentType, Supplier<byte[]> body)
      throws IOException {
    HttpServer server;
    try {
      server = HttpServer.create(address, 0);
    } catch (IOException e) {
      throw new IOException(
          "metrics can't be served on " + AddressText.of(address) + ": " + Messages.of(e), e);
    }
    HttpPage page = new HttpPage(server, path, contentType, body);
    server.setExecutor(page.threads);
    server.createContext("/", page::answer);
    page.startAsDaemon();
    return page;
  }

  /** Starts the server on a daemon thread, because the server's own thread is then a daemon too. */
  private void startAsDaemon() {
    Thread starter = newThread(server::start);
    starter.start();
    boolean interrupted = false;
    while (starter.isAlive()) {
      try {
        starter.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  InetSocketAddress address() {
    return server.getAddress();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String method = exchange.getRequestMethod();
      if (!exchange.getRequestURI().getPath().equals(path)) {
        exchange.sendResponseHeaders(HttpURLConnection.HTTP_NOT_FOUND, NO_BODY);
      } else if (method.equals("GET") || method.equals("HEAD")) {
        send(exchange, method.equals("GET"));
      } else {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        exchange.sendResponseHeaders(HttpURLConnection.HTTP_BAD_METHOD, NO_BODY);
      }
    }
  }

  private void send(HttpExchange exchange, boolean withBody) throws IOException {
    byte[] page = body.get();
    exchange.getResponseHeaders().set("Content-Type", contentType);
    if (withBody) {
      exchange.sendResponseHeaders(HttpURLConnection.HTTP_OK, page.length);
      exchange.getResponseBody().write(page);
    } else {
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(page.length));
      exchange.sendResponseHeaders(HttpURLConnection.HTTP_OK, NO_BODY);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
