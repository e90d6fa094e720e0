package io.github.keepalive4j.drivers.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/** A Kafka broker that is its own controller. Its arguments are the address and a folder. */
public final class KafkaProgram {
  private KafkaProgram() {}

  public static void main(String[] arguments) throws Exception {
    String address = arguments[0];
    Path folder = Path.of(arguments[1]);
    Map<String, String> settings =
        Map.ofEntries(
            Map.entry("process.roles", "broker,controller"),
            Map.entry("node.id", "1"),
            Map.entry("controller.quorum.voters", "1@" + address + ":9093"),
            Map.entry("controller.listener.names", "CONTROLLER"),
            Map.entry(
                "listeners", "PLAINTEXT://" + address + ":9092,CONTROLLER://" + address + ":9093"),
            Map.entry("advertised.listeners", "PLAINTEXT://" + address + ":9092"),
            Map.entry("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
            Map.entry("offsets.topic.replication.factor", "1"),
            Map.entry("connections.max.idle.ms", "3600000"),
            Map.entry("log.dirs", folder.resolve("log").toString()));
    format(settings, folder.resolve("server.properties"));
    Properties properties = new Properties();
    properties.putAll(settings);
    new KafkaRaftServer(KafkaConfig.fromProps(properties), Time.SYSTEM).startup();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", address + ":9092"))) {
      admin.createTopics(List.of(new NewTopic("answers", 1, (short) 1))).all().get();
    }
    System.out.println("ready");
  }

  private static void format(Map<String, String> settings, Path file) throws IOException {
    Files.write(
        file,
        settings.entrySet().stream().map(one -> one.getKey() + "=" + one.getValue()).toList());
    String id = Uuid.randomUuid().toString();
    StorageTool.execute(
        new String[] {"format", "--cluster-id", id, "--config", file.toString()}, System.err);
  }
}
