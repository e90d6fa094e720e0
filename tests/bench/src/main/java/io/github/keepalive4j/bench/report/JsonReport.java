package io.github.keepalive4j.bench.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.keepalive4j.bench.measure.Samples;
import io.github.keepalive4j.bench.peer.Ending;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The results as JSON, with every sample. */
final class JsonReport {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private JsonReport() {}

  static void write(Path file, Results results, List<Target> targets) throws IOException {
    Files.writeString(file, MAPPER.writeValueAsString(tree(results, targets)));
  }

  private static ObjectNode tree(Results results, List<Target> targets) {
    ObjectNode root = MAPPER.createObjectNode();
    root.set("machine", MAPPER.valueToTree(results.machine()));
    root.set("targets", MAPPER.valueToTree(targets));
    ObjectNode deaths = root.putObject("peerDeathNs");
    results.peerDeath().forEach((ending, byKey) -> deaths.set(ending.key(), samples(byKey)));
    root.set("allocatedBytes", samples(results.allocation()));
    root.set("silenceExcessNs", samples(results.silence()));
    ObjectNode mass = root.putObject("massDeathNs");
    results
        .massDeath()
        .forEach(
            (key, byLinks) -> {
              ObjectNode subject = mass.putObject(key);
              byLinks.forEach(
                  (links, times) -> {
                    ObjectNode node = subject.putObject(links.toString());
                    node.set("first", samples(times.first()));
                    node.set("last", samples(times.last()));
                  });
            });
    root.set("idle", MAPPER.valueToTree(results.idle()));
    root.set("openClosePerSecond", samples(results.openClose()));
    root.set("besideBfdNs", samples(results.besideBfd()));
    root.set("firstFailureNs", samples(results.firstFailure()));
    return root;
  }

  private static ObjectNode samples(Map<String, Samples> byKey) {
    ObjectNode node = MAPPER.createObjectNode();
    byKey.forEach((key, samples) -> node.set(key, samples(samples)));
    return node;
  }

  private static ObjectNode samples(Samples samples) {
    ObjectNode node = MAPPER.createObjectNode();
    node.put("p50", samples.percentile(50));
    node.put("p90", samples.percentile(90));
    node.put("p99", samples.percentile(99));
    node.put("max", samples.percentile(100));
    node.set("samples", MAPPER.valueToTree(samples.toArray()));
    return node;
  }

  /** Returns one line on how fast the death of a peer is noticed, by a reset. */
  static String summary(Results results) throws JsonProcessingException {
    ObjectNode root = MAPPER.createObjectNode();
    ObjectNode p50 = root.putObject("p50Us");
    ObjectNode p99 = root.putObject("p99Us");
    results
        .peerDeath()
        .get(Ending.RESET)
        .forEach(
            (key, samples) -> {
              p50.put(key, samples.percentile(50) / 1e3);
              p99.put(key, samples.percentile(99) / 1e3);
            });
    return MAPPER.writeValueAsString(root);
  }
}
