package io.github.keepalive4j.soak.idle;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * The two C programs of a run.
 *
 * @param stamp puts the time at which it runs on record
 * @param release releases a shell that waits
 */
record Programs(Path stamp, Path release) {
  static Programs compile(Path folder) throws IOException, InterruptedException {
    return new Programs(compile(folder, "stamp"), compile(folder, "release"));
  }

  private static Path compile(Path folder, String name) throws IOException, InterruptedException {
    Path source = folder.resolve(name + ".c");
    Path program = folder.resolve(name);
    try (InputStream stream = Programs.class.getResourceAsStream(name + ".c")) {
      Files.write(source, Objects.requireNonNull(stream).readAllBytes());
    }
    Process compiler =
        new ProcessBuilder("cc", "-std=gnu11", "-O2", "-o", program.toString(), source.toString())
            .inheritIO()
            .start();
    if (compiler.waitFor() != 0) {
      throw new IOException("cc exited with " + compiler.exitValue());
    }
    return program;
  }
}
