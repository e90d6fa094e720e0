package io.github.keepalive4j.drivers.client;

/** The drivers, each as its users have it by default, unless its class says otherwise. */
public enum Driver {
  PGJDBC("pgjdbc", true),
  HIKARI("HikariCP", true),
  MARIADB("MariaDB Connector/J", true),
  JEDIS("Jedis", true),
  LETTUCE("Lettuce", false),
  RABBITMQ("RabbitMQ", true),
  KAFKA("Kafka", false),
  GRPC_NIO("gRPC, NIO", false),
  GRPC_EPOLL("gRPC, epoll", false),
  HTTP("java.net.http", false);

  private final String title;
  private final boolean takesFactory;

  Driver(String title, boolean takesFactory) {
    this.title = title;
    this.takesFactory = takesFactory;
  }

  /** Returns the name in the table of the README. */
  public String title() {
    return title;
  }

  /** Tells whether its users can give it a socket factory. */
  public boolean takesFactory() {
    return takesFactory;
  }

  Conversation connect(Settings settings) throws Exception {
    return switch (this) {
      case PGJDBC -> JdbcConversation.postgres(settings);
      case HIKARI -> JdbcConversation.pooled(settings);
      case MARIADB -> JdbcConversation.mariaDb(settings);
      case JEDIS -> new JedisConversation(settings);
      case LETTUCE -> new LettuceConversation(settings);
      case RABBITMQ -> new RabbitConversation(settings);
      case KAFKA -> new KafkaConversation(settings);
      case GRPC_NIO -> GrpcConversation.nio(settings);
      case GRPC_EPOLL -> GrpcConversation.epoll(settings);
      case HTTP -> new HttpConversation(settings);
    };
  }
}
