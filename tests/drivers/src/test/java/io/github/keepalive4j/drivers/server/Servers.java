package io.github.keepalive4j.drivers.server;

import io.github.keepalive4j.support.Needs;
import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.ManagedProcess;
import io.github.keepalive4j.testkit.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** All servers of a host. They end with its lab. */
public final class Servers {
  private static final Duration START_LIMIT = Duration.ofSeconds(90);
  private static final List<String> SMALL_JVM =
      List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  /** Its default is to close connections that have been idle for 30 s. */
  private static final String PATIENT_HTTP = "-Dsun.net.httpserver.idleInterval=3600";

  private final Host host;
  private final String address;
  private final Path folder;
  private final ManagedProcess kafka;
  private final ManagedProcess mongo;

  /** Starts them side by side and waits until each is ready. */
  public Servers(Host host, Path folder) throws Exception {
    this.host = host;
    this.address = host.ipv4().getHostAddress();
    this.folder = folder;
    kafka =
        startJava(KafkaProgram.class, Files.createDirectory(folder.resolve("kafka")).toString());
    ManagedProcess rabbitMq = startRabbitMq();
    ManagedProcess mariaDb = startMariaDb();
    ManagedProcess postgres = startPostgres();
    ManagedProcess redis = startRedis();
    mongo = startJava(MongoProgram.class);
    ManagedProcess answers = startJava(AnswersProgram.class);
    await(redis, redis.stdout(), "Ready to accept connections");
    await(postgres, postgres.stderr(), "is ready to accept connections");
    await(mariaDb, mariaDb.stderr(), "ready for connections");
    await(rabbitMq, rabbitMq.stdout(), "completed with");
    await(answers, answers.stdout(), "ready");
    await(mongo, mongo.stdout(), "ready");
    await(kafka, kafka.stdout(), "ready");
  }

  /** Stops those that answer each question; their host still acknowledges what it is sent. */
  public void stopThoseThatAnswerAll() throws IOException {
    kafka.stop();
    mongo.stop();
  }

  private ManagedProcess startJava(Class<?> program, String... arguments) throws IOException {
    List<String> options =
        List.of(SMALL_JVM.get(0), SMALL_JVM.get(1), SMALL_JVM.get(2), PATIENT_HTTP);
    String[] all = new String[arguments.length + 1];
    all[0] = address;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return host.startJava(options, program, all);
  }

  private ManagedProcess startPostgres() throws IOException {
    Path programs = Installed.folderOf("postgres", Path.of("/usr/lib/postgresql"), "*", "bin");
    return DebianServer.start(
        host,
        folder.resolve("postgres"),
        Map.of("PATH", programs + ":/usr/bin:/bin", "ADDRESS", address),
        """
        initdb -D data -U lab -A trust -E UTF8 --no-locale --no-sync >initdb.log
        echo 'host all all all trust' >>data/pg_hba.conf
        exec postgres -D data -h "$ADDRESS" -p 5432 -k "$HOME" -F
        """);
  }

  /** It has no accounts: everybody may do everything. */
  private ManagedProcess startMariaDb() throws IOException {
    Needs.program("mariadbd");
    return DebianServer.start(
        host,
        folder.resolve("mariadb"),
        Map.of("ADDRESS", address),
        """
        mkdir data
        exec mariadbd --no-defaults --datadir="$HOME/data" --tmpdir="$HOME" --socket="$HOME/socket" \\
          --pid-file="$HOME/pid" --bind-address="$ADDRESS" --port=3306 --skip-grant-tables \\
          --skip-name-resolve --innodb-use-native-aio=0 --innodb-buffer-pool-size=16M \\
          --innodb-flush-log-at-trx-commit=0
        """);
  }

  private ManagedProcess startRedis() throws IOException {
    Needs.program("redis-server");
    return DebianServer.start(
        host,
        folder.resolve("redis"),
        Map.of("ADDRESS", address),
        """
        exec redis-server --bind "$ADDRESS" --port 6379 --dir "$HOME" --save '' --protected-mode no
        """);
  }

  /** Its port mapper and its nodes' port are in the namespace too. */
  private ManagedProcess startRabbitMq() throws IOException {
    Path programs =
        Installed.folderOf(
            "rabbitmq-server", Path.of("/usr/lib/rabbitmq/lib"), "rabbitmq_server-*", "sbin");
    return DebianServer.start(
        host,
        folder.resolve("rabbitmq"),
        Map.of("PROGRAMS", programs.toString(), "ADDRESS", address),
        """
        export RABBITMQ_BASE="$HOME" RABBITMQ_MNESIA_BASE="$HOME/mnesia" RABBITMQ_LOG_BASE="$HOME/log"
        export RABBITMQ_CONF_ENV_FILE="$HOME/env" RABBITMQ_CONFIG_FILE="$HOME/rabbitmq.conf"
        export RABBITMQ_ENABLED_PLUGINS_FILE="$HOME/plugins" RABBITMQ_NODENAME=lab@localhost
        export RABBITMQ_PID_FILE="$HOME/pid" RABBITMQ_GENERATED_CONFIG_DIR="$HOME/generated"
        export ERL_EPMD_ADDRESS=127.0.0.1
        mkdir mnesia log generated
        : >env
        echo '[].' >plugins
        cat >rabbitmq.conf <<END
        listeners.tcp.lab = $ADDRESS:5672
        loopback_users = none
        log.console = true
        log.file = false
        END
        exec "$PROGRAMS/rabbitmq-server"
        """);
  }

  private static void await(ManagedProcess server, Output output, String text)
      throws InterruptedException {
    if (output.await(line -> line.text().contains(text), START_LIMIT).isEmpty()) {
      throw new AssertionError(
          server + " isn't ready:\n" + server.stdout().text() + server.stderr().text());
    }
  }
}
