package io.github.keepalive4j.drivers.server;

import io.github.keepalive4j.support.Needs;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Programs of Debian's packages that aren't on the path. */
final class Installed {
  private Installed() {}

  /** Returns the folder of a program, of one version if there are several. The test needs it. */
  static Path folderOf(String program, Path versions, String pattern, String inside)
      throws IOException {
    if (Files.isDirectory(versions)) {
      try (DirectoryStream<Path> found = Files.newDirectoryStream(versions, pattern)) {
        for (Path version : found) {
          if (Files.isExecutable(version.resolve(inside).resolve(program))) {
            return version.resolve(inside);
          }
        }
      }
    }
    Needs.lack(program + " is not below " + versions);
    throw new IllegalStateException(program);
  }
}
