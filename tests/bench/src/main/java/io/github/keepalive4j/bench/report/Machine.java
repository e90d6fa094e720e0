package io.github.keepalive4j.bench.report;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** The machine and the software that gave the figures. */
final class Machine {
  private Machine() {}

  static Map<String, String> describe() throws IOException {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    facts.put("processor", processor());
    facts.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
    facts.put("load", loadAverage());
    facts.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    facts.put("JVM", System.getProperty("java.vm.name") + " " + Runtime.version());
    facts.put("JVM options", ManagementFactory.getRuntimeMXBean().getInputArguments().toString());
    facts.put("JNA", com.sun.jna.Native.VERSION);
    facts.put("Netty", nettyVersion());
    return facts;
  }

  /** Returns the load average of the last minute. */
  static String loadAverage() throws IOException {
    String averages = Files.readString(Path.of("/proc/loadavg"));
    return averages.substring(0, averages.indexOf(' '));
  }

  private static String processor() throws IOException {
    return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
        .filter(line -> line.startsWith("model name"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse(System.getProperty("os.arch"));
  }

  private static String nettyVersion() {
    io.netty.util.Version version =
        io.netty.util.Version.identify(Machine.class.getClassLoader())
            .get("netty-transport-classes-epoll");
    return version == null ? "unknown" : version.artifactVersion();
  }
}
