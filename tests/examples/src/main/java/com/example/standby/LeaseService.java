package com.example.standby;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Gives one lease by HTTP: POST takes it, PUT renews it, DELETE gives it back. */
class LeaseService implements AutoCloseable {
  static final Duration LEASE = Duration.ofSeconds(3);

  private final HttpServer http;
  private long token; // guarded by this
  private boolean held; // guarded by this
  private long endNs; // guarded by this

  private record Answer(int status, String text) {}

  LeaseService() {
    try {
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    http.createContext("/", this::handle);
    http.start();
  }

  /** Serves until its input ends; a line of input takes the lease away from its holder. */
  public static void main(String[] args) throws IOException {
    try (LeaseService service = new LeaseService()) {
      System.out.println(service.lease());
      while (System.in.read() >= 0) {
        service.revoke();
      }
    }
  }

  URI lease() {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort() + "/vm1");
  }

  synchronized void revoke() {
    held = false;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      Answer answer = answer(exchange.getRequestMethod(), Long.parseLong(body));
      byte[] text = answer.text().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(answer.status(), text.length == 0 ? -1 : text.length);
      exchange.getResponseBody().write(text);
    }
  }

  private synchronized Answer answer(String method, long asker) {
    long nowNs = System.nanoTime();
    held = held && endNs - nowNs > 0;
    if (method.equals("POST")) {
      return held ? new Answer(409, "lease " + token + " is held") : grant(nowNs);
    }
    if (!held || asker != token) {
      return new Answer(410, "lease " + asker + " is over");
    }
    held = method.equals("PUT");
    endNs = nowNs + LEASE.toNanos();
    return new Answer(204, "");
  }

  private Answer grant(long nowNs) {
    held = true;
    endNs = nowNs + LEASE.toNanos();
    token++;
    return new Answer(201, Long.toString(token));
  }

  @Override
  public void close() {
    http.stop(0);
  }
}
