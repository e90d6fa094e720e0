package io.github.keepalive4j.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether this machine and this process can have a lab. */
final class Availability {
  private static final List<String> TOOLS = List.of("ip", "tc", "ss");
  private static final Map<String, Integer> CAPABILITIES =
      Map.of("CAP_NET_ADMIN", 12, "CAP_SYS_ADMIN", 21);

  private Availability() {}

  /** Names the tool, library or privilege that is lacking, as far as can be told without trying. */
  static Optional<String> lacking() {
    return Lacking.CAUSE;
  }

  /** Sets up a lab with faults of each mechanism to find what is lacking. */
  static Optional<String> unavailabilityCause() {
    return Tried.CAUSE;
  }

  /** Also rejects and loses packets, to find what is lacking for that. */
  static Optional<String> nftablesUnavailabilityCause() {
    return TriedWithNftables.CAUSE;
  }

  private static final class Lacking {
    static final Optional<String> CAUSE =
        lackingSystem()
            .or(Availability::lackingPrivilege)
            .or(Availability::lackingTool)
            .or(Availability::lackingLibrary);
  }

  private static final class Tried {
    static final Optional<String> CAUSE = lacking().or(Availability::failure);
  }

  private static final class TriedWithNftables {
    static final Optional<String> CAUSE =
        unavailabilityCause().or(Availability::failureWithNftables);
  }

  private static Optional<String> lackingSystem() {
    String system = System.getProperty("os.name");
    return system.equals("Linux")
        ? Optional.empty()
        : Optional.of("network namespaces need Linux, this is " + system);
  }

  /** Comes after the privileges, because other users than root may not have all tools in PATH. */
  private static Optional<String> lackingTool() {
    for (String tool : TOOLS) {
      try {
        Command.run(tool, "-V");
      } catch (IOException e) {
        return Optional.of(
            "the command " + tool + " does not run (apt-get install iproute2): " + e.getMessage());
      }
    }
    return Optional.empty();
  }

  private static Optional<String> lackingLibrary() {
    try {
      LibC.load();
    } catch (LinkageError e) {
      return Optional.of("JNA does not load: " + e.getMessage());
    }
    return Optional.empty();
  }

  private static Optional<String> lackingPrivilege() {
    try {
      long effective = effectiveCapabilities();
      return CAPABILITIES.entrySet().stream()
          .filter(capability -> (effective >> capability.getValue() & 1) == 0)
          .map(Map.Entry::getKey)
          .sorted()
          .reduce((one, other) -> one + ", " + other)
          .map(names -> "the privilege " + names + " is lacking: run as root");
    } catch (IOException e) {
      return Optional.of("/proc does not tell this process's privileges: " + e.getMessage());
    }
  }

  private static long effectiveCapabilities() throws IOException {
    String field = "CapEff:";
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith(field))
        .mapToLong(line -> Long.parseUnsignedLong(line.substring(field.length()).strip(), 16))
        .findFirst()
        .orElseThrow(() -> new IOException("no field " + field));
  }

  private static Optional<String> failure() {
    try (Lab lab = Lab.open()) {
      lab.source().drop().close();
      lab.source().queueFull().close();
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of("a lab cannot be set up: " + e.getMessage());
    }
  }

  private static Optional<String> failureWithNftables() {
    try (Lab lab = Lab.open()) {
      lab.source().reject().close();
      lab.source().lossy(1).close();
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(e.getMessage());
    }
  }
}
