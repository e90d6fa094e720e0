package io.github.keepalive4j.drivers.client;

import com.zaxxer.hikari.HikariDataSource;
import io.github.keepalive4j.sockets.DeadPeerSocketFactory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** A database and its query that doesn't end. A statement has no time limit by default. */
final class JdbcConversation implements Conversation {
  /** More than the kernel takes. */
  private static final String LARGE = "select length('" + "x".repeat(1_000_000) + "')";

  private final Connection connection;
  private final String endless;

  private JdbcConversation(Connection connection, String endless) {
    this.connection = connection;
    this.endless = endless;
  }

  static Conversation postgres(Settings settings) throws SQLException {
    String argument = settings.rules().map(rules -> "&socketFactoryArg=" + rules).orElse("");
    return new JdbcConversation(
        DriverManager.getConnection(postgresUrl(settings) + argument), "select pg_sleep(3600)");
  }

  /**
   * A connection that has been taken out of its pool. Its factory gets no argument, so that the
   * property counts.
   */
  @SuppressWarnings("resource") // lives as long as the process
  static Conversation pooled(Settings settings) throws SQLException {
    HikariDataSource pool = new HikariDataSource();
    pool.setJdbcUrl(postgresUrl(settings));
    pool.setMaximumPoolSize(1);
    return new JdbcConversation(pool.getConnection(), "select pg_sleep(3600)");
  }

  static Conversation mariaDb(Settings settings) throws SQLException {
    String url = "jdbc:mariadb://" + settings.address() + ":3306/?user=lab&sslMode=disable";
    return new JdbcConversation(
        DriverManager.getConnection(
            settings.rules().isEmpty() ? url : url + "&socketFactory=" + factoryClass()),
        "select sleep(3600)");
  }

  /** It takes a factory of its own kind. */
  static Conversation mySql(Settings settings) throws SQLException {
    String url = "jdbc:mysql://" + settings.address() + ":3306/?user=lab&sslMode=DISABLED";
    return new JdbcConversation(
        DriverManager.getConnection(
            settings.rules().isEmpty()
                ? url
                : url + "&socketFactory=" + MySqlSocketFactory.class.getName()),
        "select sleep(3600)");
  }

  /** The driver is told to switch keepalive off, which it does after the factory has set it. */
  private static String postgresUrl(Settings settings) {
    String url =
        "jdbc:postgresql://" + settings.address() + "/postgres?user=lab&tcpKeepAlive=false";
    return settings.rules().isEmpty() ? url : url + "&socketFactory=" + factoryClass();
  }

  private static String factoryClass() {
    return DeadPeerSocketFactory.class.getName();
  }

  @Override
  public void ask() throws SQLException {
    execute("select 1");
  }

  @Override
  public void askInVain() throws SQLException {
    execute(endless);
  }

  /** Blocks the thread in its write. */
  @Override
  public void send() throws SQLException {
    execute(LARGE);
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
