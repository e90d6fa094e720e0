package io.github.keepalive4j.drivers.client;

/** The drivers, each as its users have it by default, unless its class says otherwise. */
public enum Driver {
  PGJDBC("pgjdbc"),
  HIKARI("HikariCP"),
  MARIADB("MariaDB Connector/J"),
  JEDIS("Jedis"),
  LETTUCE("Lettuce"),
  RABBITMQ("RabbitMQ"),
  KAFKA("Kafka"),
  GRPC_NIO("gRPC, NIO"),
  GRPC_EPOLL("gRPC, epoll"),
  HTTP("java.net.http");

  private final String title;

  Driver(String title) {
    this.title = title;
  }

  /** Returns the name in the table of the README. */
  public String title() {
    return title;
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
