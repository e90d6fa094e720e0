package io.github.keepalive4j.support;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** The programs on this process's {@code PATH}. */
public final class InstalledPrograms {
  private InstalledPrograms() {}

  /** Tells whether a program is one of them. */
  public static boolean contain(String name) {
    return find(name).isPresent();
  }

  /** Returns a program's file. */
  public static Optional<Path> find(String name) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
