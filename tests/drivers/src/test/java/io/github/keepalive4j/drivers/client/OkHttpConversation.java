package io.github.keepalive4j.drivers.client;

import io.github.keepalive4j.drivers.server.Answers;
import java.io.IOException;
import java.time.Duration;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * The time limits of reads and writes, 10 s by default, are switched off, and so are the retries on
 * a new connection.
 */
final class OkHttpConversation implements Conversation {
  private final OkHttpClient client;
  private final String server;

  OkHttpConversation(Settings settings) {
    OkHttpClient.Builder builder =
        new OkHttpClient.Builder()
            .readTimeout(Duration.ZERO)
            .writeTimeout(Duration.ZERO)
            .retryOnConnectionFailure(false);
    settings.factory().ifPresent(builder::socketFactory);
    client = builder.build();
    server = "http://" + settings.address() + ":" + Answers.HTTP_PORT;
  }

  @Override
  public void ask() throws IOException {
    post(Answers.ANSWERED);
  }

  @Override
  public void askInVain() throws IOException {
    post(Answers.UNANSWERED);
  }

  private void post(String question) throws IOException {
    Request request =
        new Request.Builder().url(server).post(RequestBody.create(question, null)).build();
    try (Response response = client.newCall(request).execute()) {
      response.body().string();
    }
  }
}
