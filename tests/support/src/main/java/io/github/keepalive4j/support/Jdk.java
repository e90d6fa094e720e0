package io.github.keepalive4j.support;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The JDKs of this machine. */
public final class Jdk {
  private static final Path INSTALLED = Path.of("/usr/lib/jvm");

  private Jdk() {}

  /** Returns where the JDK is that runs this. */
  public static Path home() {
    return Path.of(System.getProperty("java.home"));
  }

  /** Returns where the JDK of a feature release is. The test needs it. */
  public static Path home(int release) throws IOException {
    if (Runtime.version().feature() == release) {
      return home();
    }
    Optional<Path> installed = installed(release);
    if (installed.isEmpty()) {
      Needs.lack("JDK " + release + " is not in " + INSTALLED);
    }
    return installed.orElseThrow();
  }

  /** Returns the program {@code java} of the JDK that runs this. */
  public static String java() {
    return javaOf(home());
  }

  /** Returns the program {@code java} of a feature release. The test needs it. */
  public static String java(int release) throws IOException {
    return javaOf(home(release));
  }

  static String javaOf(Path home) {
    return home.resolve("bin/java").toString();
  }

  private static Optional<Path> installed(int release) throws IOException {
    if (!Files.isDirectory(INSTALLED)) {
      return Optional.empty();
    }
    try (DirectoryStream<Path> homes = Files.newDirectoryStream(INSTALLED)) {
      for (Path home : homes) {
        if (isRelease(home, release)) {
          return Optional.of(home);
        }
      }
      return Optional.empty();
    }
  }

  private static boolean isRelease(Path home, int release) throws IOException {
    Path file = home.resolve("release");
    return Files.isExecutable(Path.of(javaOf(home)))
        && Files.isReadable(file)
        && Files.readString(file).contains("JAVA_VERSION=\"" + release);
  }
}
