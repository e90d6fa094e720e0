package io.github.keepalive4j.drivers.client;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.ShutdownSignalException;
import java.util.concurrent.CompletableFuture;

/** The heartbeats, 60 s apart by default, are switched off. */
final class RabbitConversation implements Conversation {
  private final Channel channel;

  @SuppressWarnings("resource") // lives as long as the process
  RabbitConversation(Settings settings) throws Exception {
    ConnectionFactory connections = new ConnectionFactory();
    connections.setHost(settings.address());
    connections.setRequestedHeartbeat(0);
    settings.factory().ifPresent(connections::setSocketFactory);
    channel = connections.newConnection().createChannel();
  }

  @Override
  public void ask() throws Exception {
    channel.exchangeDeclarePassive("amq.direct");
  }

  /** Waits for messages, as a consumer does. */
  @Override
  public void askInVain() throws Exception {
    CompletableFuture<Void> end = new CompletableFuture<>();
    String queue = channel.queueDeclare().getQueue();
    channel.basicConsume(
        queue,
        new DefaultConsumer(channel) {
          @Override
          public void handleShutdownSignal(String tag, ShutdownSignalException signal) {
            end.completeExceptionally(signal);
          }
        });
    end.get();
  }
}
