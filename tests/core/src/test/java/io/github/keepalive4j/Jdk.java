package io.github.keepalive4j;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The JDKs of this machine. */
final class Jdk {
  private static final Path INSTALLED = Path.of("/usr/lib/jvm");

  private Jdk() {}

  /** Returns where the JDK of a feature version is. */
  static Path home(int version) throws IOException {
    if (Runtime.version().feature() == version) {
      return Path.of(System.getProperty("java.home"));
    }
    Optional<Path> installed = installed(version);
    if (installed.isEmpty()) {
      Needs.lack("JDK " + version + " is not in " + INSTALLED);
    }
    return installed.orElseThrow();
  }

  private static Optional<Path> installed(int version) throws IOException {
    if (!Files.isDirectory(INSTALLED)) {
      return Optional.empty();
    }
    try (DirectoryStream<Path> homes = Files.newDirectoryStream(INSTALLED)) {
      for (Path home : homes) {
        if (isVersion(home.resolve("release"), version)) {
          return Optional.of(home);
        }
      }
      return Optional.empty();
    }
  }

  private static boolean isVersion(Path release, int version) throws IOException {
    return Files.isReadable(release)
        && Files.readString(release).contains("JAVA_VERSION=\"" + version);
  }
}
