package io.github.keepalive4j.cli.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.cli.EventLine;
import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.cli.Sources;
import io.github.keepalive4j.support.Jdk;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page with the metrics. */
@Timeout(120)
class MetricsTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final HttpClient client = HttpClient.newHttpClient();

  private HttpResponse<String> ask(String method, String url) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .timeout(LIMIT)
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static String urlOf(Keepalive process) throws InterruptedException {
    return process.awaitEvent("metrics").text("url");
  }

  /** Asks until a line is on the page. */
  private void awaitLine(String url, String line) throws Exception {
    long startNs = System.nanoTime();
    String page = "";
    while (!page.lines().anyMatch(line::equals)) {
      assertTrue(System.nanoTime() - startNs < LIMIT.toNanos(), "no " + line + " in\n" + page);
      page = ask("GET", url).body();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 25})
  void aBackupShowsItsLinkAndItsFailover(int feature) throws Exception {
    try (Sources.Listening source = Sources.onLoopback();
        Keepalive backup =
            Keepalive.start(
                Jdk.java(feature),
                List.of(),
                "watch",
                source.address(),
                "--json",
                "--rearm",
                "--metrics",
                "0")) {
      backup.awaitEvent("up");
      assertEquals(List.of("metrics", "up"), backup.eventTypes());
      String url = urlOf(backup);
      assertTrue(url.matches("http://127\\.0\\.0\\.1:[1-9]\\d*/metrics"), url);
      awaitLine(url, "keepalive_links{state=\"up\"} 1.0");
      String page = ask("GET", url).body();
      String peer = "{peer=\"" + source.address() + "\"} ";
      assertTrue(page.contains("\nkeepalive_link_silence_seconds" + peer), page);
      assertTrue(page.contains("\nkeepalive_link_rtt_seconds" + peer), page);
      assertTrue(page.contains("\nkeepalive_link_probes_unanswered" + peer + "0.0\n"), page);
      assertTrue(page.contains("\nkeepalive_failovers_total{cause=\"closed\"} 0.0\n"), page);
      source.process().awaitEvent("connected"); // else its kill would be a reset
      source.process().kill();
      awaitLine(url, "keepalive_failovers_total{cause=\"closed\"} 1.0");
      awaitLine(url, "keepalive_links{state=\"failed\"} 0.0");
      awaitLine(url, "keepalive_failover_callback_seconds_count{outcome=\"success\"} 1");
      page = ask("GET", url).body();
      assertTrue(page.contains("\nkeepalive_failover_delay_seconds_count 1\n"), page);
      assertTrue(
          page.contains("\nkeepalive_failover_callback_seconds_count{outcome=\"success\"} 1\n"),
          page);
      assertFalse(page.contains("peer="), page);
      assertEquals("", backup.stderr().text().replaceAll("(?m)^.* error .*$", "").strip());
    }
  }

  @Test
  void aSourceShowsItsBackups() throws Exception {
    try (Keepalive serve =
        Keepalive.run("serve", "--bind", "127.0.0.1", "--port", "0", "--json", "--metrics", "0")) {
      int port = portOf(serve.awaitEvent("listening"));
      String url = urlOf(serve);
      awaitLine(url, "keepalive_server_backups 0.0");
      try (Socket backup = new Socket(LOOPBACK, port)) {
        awaitLine(url, "keepalive_server_backups 1.0");
        backup.getOutputStream().write('?');
        awaitLine(url, "keepalive_server_violations_total 1.0");
      }
      awaitLine(url, "keepalive_server_backups 0.0");
      awaitLine(url, "keepalive_server_refusals_total 0.0");
    }
  }

  private static int portOf(EventLine event) {
    String address = event.text("peer");
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
  }

  @Test
  void thePageIsReadOnly() throws Exception {
    try (Keepalive serve =
        Keepalive.run(
            "serve",
            "--bind",
            "::1",
            "--port",
            "0",
            "--json",
            "--metrics",
            "0",
            "--metrics-bind",
            "::1")) {
      serve.awaitEvent("listening"); // from then on there is something on the page
      String url = urlOf(serve);
      assertTrue(url.matches("http://\\[::1]:[1-9]\\d*/metrics"), url);
      HttpResponse<String> page = ask("GET", url);
      assertEquals(200, page.statusCode());
      assertEquals(
          "text/plain; version=0.0.4; charset=utf-8",
          page.headers().firstValue("Content-Type").orElse(""));
      HttpResponse<String> head = ask("HEAD", url);
      assertEquals(200, head.statusCode());
      assertEquals("", head.body());
      assertTrue(head.headers().firstValueAsLong("Content-Length").orElse(0) > 0);
      for (String method : List.of("POST", "PUT", "DELETE")) {
        HttpResponse<String> refusal = ask(method, url);
        assertEquals(405, refusal.statusCode());
        assertEquals("GET, HEAD", refusal.headers().firstValue("Allow").orElse(""));
      }
      assertEquals(404, ask("GET", url + "/more").statusCode());
      assertEquals(404, ask("GET", url.replace("/metrics", "/")).statusCode());
    }
  }

  @Test
  void aPortInUseIsReportedBeforeTheLinkIsArmed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, LOOPBACK);
        ServerSocket source = new ServerSocket(0, 1, LOOPBACK);
        Keepalive backup =
            Keepalive.run(
                "watch",
                "127.0.0.1:" + source.getLocalPort(),
                "--json",
                "--metrics",
                "" + taken.getLocalPort())) {
      assertEquals(1, backup.awaitEnd(), backup::output);
      assertEquals(List.of("error"), backup.eventTypes());
      String message = backup.events("error").get(0).text("message");
      String wanted = "metrics can't be served on 127.0.0.1:" + taken.getLocalPort();
      assertTrue(message.startsWith(wanted), message);
      assertEquals(1, backup.stderr().all().size(), backup::output);
      source.setSoTimeout(1);
      assertThrows(SocketTimeoutException.class, source::accept);
    }
  }

  @Test
  void aSourceWhoseMetricsPortIsInUseDoesNotListen() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, LOOPBACK);
        Keepalive serve =
            Keepalive.run(
                "serve",
                "--bind",
                "127.0.0.1",
                "--port",
                "0",
                "--json",
                "--metrics",
                "" + taken.getLocalPort())) {
      assertEquals(1, serve.awaitEnd(), serve::output);
      assertEquals(List.of("error"), serve.eventTypes());
    }
  }
}
