package io.github.keepalive4j.bench.measure;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.keepalive4j.support.JavaCommand;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Measurement 4: nothing happens. Each subject is in a JVM of its own. That only interprets: the
 * memory that compilers take and give back would hide that of the links.
 */
public final class Idle {
  /** The native monitor once more, with a listener and so with suspicion on. */
  public static final String SUSPICION = IdleChild.SUSPICION;

  private Idle() {}

  /** Measures the subjects with these keys and numbers of links, two at a time. */
  public static Map<String, IdleCost> run(Map<String, Integer> linksByKey, Duration time)
      throws IOException {
    ExecutorService children = Executors.newFixedThreadPool(2);
    try {
      Map<String, Future<IdleCost>> running = new LinkedHashMap<>();
      linksByKey.forEach(
          (key, links) -> running.put(key, children.submit(() -> run(key, links, time))));
      Map<String, IdleCost> costs = new LinkedHashMap<>();
      for (Map.Entry<String, Future<IdleCost>> child : running.entrySet()) {
        costs.put(child.getKey(), result(child.getValue()));
      }
      return costs;
    } finally {
      children.shutdownNow();
    }
  }

  private static IdleCost result(Future<IdleCost> child) throws IOException {
    try {
      return child.get();
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }

  private static IdleCost run(String key, int links, Duration time) throws IOException {
    List<String> command =
        JavaCommand.of(
            List.of("-Xint", "-XX:+UseSerialGC", "-Xms128m", "-Xmx128m"),
            IdleChild.class,
            key,
            Integer.toString(links),
            Long.toString(time.toMillis()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    process.getOutputStream().close();
    String json =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (json.isEmpty()) {
      throw new IOException(key + ": no result from " + command);
    }
    return new ObjectMapper().readValue(json, IdleCost.class);
  }
}
