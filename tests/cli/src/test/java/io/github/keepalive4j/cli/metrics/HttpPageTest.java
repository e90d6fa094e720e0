package io.github.keepalive4j.cli.metrics;

import io.github.keepalive4j.support.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that keep the page's few threads busy do so for a few seconds at most. */
@Timeout(60)
class HttpPageTest {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  /** Of a request or an answer: 5 s, and the steps in which it is looked at. */
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static final int MORE_THAN_THREADS = 3;

  /** More than the buffers of both ends take, and so little that a busy machine reads it in 5 s. */
  private static final byte[] PAGE = new byte[20 << 20];

  /** One client doesn't end its request, the other doesn't read its answer. */
  @ParameterizedTest
  @ValueSource(strings = {"GET /met", "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"})
  void aClientThatStopsKeepsNoThread(String request) throws Exception {
    List<Socket> clients = new ArrayList<>();
    HttpPage page = HttpPage.serve(ANY, "/metrics", "text/plain", () -> PAGE);
    try (page) {
      for (int i = 0; i < MORE_THAN_THREADS; i++) {
        clients.add(begin(page.address(), request));
      }
      Eventually.await("an answer", LIMIT, () -> isAnswered(page.address()));
    } finally {
      for (Socket client : clients) {
        client.close();
      }
    }
  }

  private static Socket begin(InetSocketAddress address, String request) throws IOException {
    Socket client = new Socket(address.getAddress(), address.getPort());
    client.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return client;
  }

  /** The request may wait as long as the others, and be ended with them: then it is sent again. */
  private static boolean isAnswered(InetSocketAddress address) throws InterruptedException {
    URI url = URI.create("http://127.0.0.1:" + address.getPort() + "/metrics");
    HttpRequest request = HttpRequest.newBuilder(url).timeout(LIMIT).build();
    try {
      HttpResponse<byte[]> answer =
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray());
      return answer.statusCode() == 200 && answer.body().length == PAGE.length;
    } catch (IOException ended) {
      return false;
    }
  }
}
