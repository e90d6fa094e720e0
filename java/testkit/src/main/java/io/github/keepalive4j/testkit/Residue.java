package io.github.keepalive4j.testkit;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Namespaces and processes left by labs whose own process was killed before it could close them.
 */
final class Residue {
  private Residue() {}

  /** Kills those processes and deletes those namespaces. */
  static void clear() throws IOException {
    for (String namespace : abandoned()) {
      Namespace.destroy(namespace);
    }
  }

  private static List<String> abandoned() throws IOException {
    List<String> names = new ArrayList<>();
    if (!Files.isDirectory(Namespace.DIRECTORY)) {
      return names;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(Namespace.DIRECTORY, "ka-*")) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (NamespaceName.parse(name).filter(owned -> !owned.isOwnerAlive()).isPresent()) {
          names.add(name);
        }
      }
    }
    return names;
  }
}
