package io.github.keepalive4j;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Says whether the shim loads, then which files of its name a JVM with an open monitor has mapped.
 */
final class LoadedProgram {
  private LoadedProgram() {}

  public static void main(String[] args) throws Exception {
    System.out.println(
        Transport.NATIVE.unavailabilityCause().map(Throwable::toString).orElse("available"));
    KeepaliveMonitor monitor = KeepaliveMonitor.open();
    try (Stream<String> mappings = Files.lines(Path.of("/proc/self/maps"))) {
      System.out.println(
          mappings.filter(line -> line.contains("keepalive4j")).collect(Collectors.joining(" ")));
    }
    monitor.close();
  }
}
