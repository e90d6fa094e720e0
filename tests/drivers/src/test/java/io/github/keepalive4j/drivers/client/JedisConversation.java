package io.github.keepalive4j.drivers.client;

import java.io.IOException;
import java.net.Socket;
import javax.net.SocketFactory;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** Commands that block have no time limit; the others have one of 2 s. */
final class JedisConversation implements Conversation {
  private static final int PORT = 6379;

  private final Jedis jedis;

  JedisConversation(Settings settings) {
    jedis =
        settings
            .factory()
            .map(factory -> new Jedis(() -> connect(factory, settings), configuration()))
            .orElseGet(() -> new Jedis(new HostAndPort(settings.address(), PORT), configuration()));
  }

  private static DefaultJedisClientConfig configuration() {
    return DefaultJedisClientConfig.builder().build();
  }

  private static Socket connect(SocketFactory factory, Settings settings) {
    try {
      return factory.createSocket(settings.address(), PORT);
    } catch (IOException e) {
      throw new JedisConnectionException(e);
    }
  }

  @Override
  public void ask() {
    jedis.ping();
  }

  @Override
  public void askInVain() {
    jedis.blpop(0, "nothing");
  }

  /** A command with a time limit would not hang. */
  @Override
  public void send() {
    askInVain();
  }
}
