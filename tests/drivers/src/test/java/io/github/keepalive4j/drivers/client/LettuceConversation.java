package io.github.keepalive4j.drivers.client;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;

/**
 * The time limit of commands, 60 s by default, is switched off, and so is its own keepalive, which
 * finds a waiting connection dead after 52 s.
 */
final class LettuceConversation implements Conversation {
  private final RedisCommands<String, String> redis;

  static {
    System.setProperty("io.lettuce.core.epoll", "false"); // as without Netty's native code
  }

  @SuppressWarnings("resource") // lives as long as the process
  LettuceConversation(Settings settings) {
    RedisClient client = RedisClient.create(RedisURI.create(settings.address(), 6379));
    SocketOptions plain = SocketOptions.builder().keepAlive(false).build();
    client.setOptions(ClientOptions.builder().socketOptions(plain).build());
    StatefulRedisConnection<String, String> connection = client.connect();
    connection.setTimeout(Duration.ZERO);
    redis = connection.sync();
  }

  @Override
  public void ask() {
    redis.ping();
  }

  @Override
  public void askInVain() {
    redis.blpop(0, "nothing");
  }
}
