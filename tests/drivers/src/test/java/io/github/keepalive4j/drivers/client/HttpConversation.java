package io.github.keepalive4j.drivers.client;

import io.github.keepalive4j.drivers.server.Answers;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

/**
 * Requests that the client doesn't repeat by itself: after an error it repeats a GET, on a new
 * connection.
 */
final class HttpConversation implements Conversation {
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String server;

  HttpConversation(Settings settings) {
    server = "http://" + settings.address() + ":" + Answers.HTTP_PORT;
  }

  @Override
  public void ask() throws IOException, InterruptedException {
    post(Answers.ANSWERED);
  }

  @Override
  public void askInVain() throws IOException, InterruptedException {
    post(Answers.UNANSWERED);
  }

  private void post(String question) throws IOException, InterruptedException {
    client.send(
        HttpRequest.newBuilder(URI.create(server)).POST(BodyPublishers.ofString(question)).build(),
        BodyHandlers.ofString());
  }
}
