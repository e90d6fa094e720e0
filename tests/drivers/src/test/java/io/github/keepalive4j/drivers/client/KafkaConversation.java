package io.github.keepalive4j.drivers.client;

import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A producer that waits for each acknowledgement. The time limit of requests, 30 s by default, is
 * switched off, and so are the retries: with them it goes on trying for 2 minutes.
 */
final class KafkaConversation implements Conversation {
  private static final int NEVER_MS = 3_600_000;

  private final KafkaProducer<String, String> producer;

  KafkaConversation(Settings settings) {
    producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                settings.address() + ":9092",
                ProducerConfig.RETRIES_CONFIG,
                0,
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                false,
                ProducerConfig.LINGER_MS_CONFIG,
                0,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                NEVER_MS,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                NEVER_MS,
                ProducerConfig.ENABLE_METRICS_PUSH_CONFIG,
                false),
            new StringSerializer(),
            new StringSerializer());
  }

  @Override
  public void ask() throws Exception {
    producer.send(new ProducerRecord<>("answers", "?")).get();
  }

  /** The broker's process is stopped meanwhile, so that its kernel takes the request. */
  @Override
  public void askInVain() throws Exception {
    ask();
  }
}
