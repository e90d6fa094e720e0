package io.github.keepalive4j.drivers.client;

import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;

/** Commands that block have no time limit; the others have one of 2 s. */
final class JedisConversation implements Conversation {
  private static final int PORT = 6379;

  private final Jedis jedis;

  JedisConversation(Settings settings) {
    jedis = new Jedis(new HostAndPort(settings.address(), PORT), configuration());
  }

  private static DefaultJedisClientConfig configuration() {
    return DefaultJedisClientConfig.builder().build();
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
