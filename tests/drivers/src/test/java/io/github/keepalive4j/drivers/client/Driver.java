package io.github.keepalive4j.drivers.client;

/** The drivers, each as its users have it by default, unless its class says otherwise. */
public enum Driver {
  PGJDBC("pgjdbc", true),
  HIKARI("HikariCP", true),
  MARIADB("MariaDB Connector/J", true),
  MYSQL("MySQL Connector/J", true),
  JEDIS("Jedis", true),
  LETTUCE("Lettuce", false),
  RABBITMQ("RabbitMQ", true),
  MONGODB("MongoDB", false),
  KAFKA("Kafka", false),
  GRPC_NIO("gRPC, NIO and epoll", false),
  GRPC_EPOLL("gRPC, NIO and epoll", false),
  NETTY_NIO("Netty, NIO and epoll", false),
  NETTY_EPOLL("Netty, NIO and epoll", false),
  HTTP("java.net.http", false),
  OKHTTP("OkHttp", true);

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
      case MYSQL -> JdbcConversation.mySql(settings);
      case JEDIS -> new JedisConversation(settings);
      case LETTUCE -> new LettuceConversation(settings);
      case RABBITMQ -> new RabbitConversation(settings);
      case MONGODB -> new MongoConversation(settings);
      case KAFKA -> new KafkaConversation(settings);
      case GRPC_NIO -> GrpcConversation.nio(settings);
      case GRPC_EPOLL -> GrpcConversation.epoll(settings);
      case NETTY_NIO -> NettyConversation.nio(settings);
      case NETTY_EPOLL -> NettyConversation.epoll(settings);
      case HTTP -> new HttpConversation(settings);
      case OKHTTP -> new OkHttpConversation(settings);
    };
  }
}
