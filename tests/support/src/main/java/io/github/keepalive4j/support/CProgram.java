package io.github.keepalive4j.support;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** A C program whose source is a resource. */
public final class CProgram {
  private CProgram() {}

  /**
   * Compiles it.
   *
   * @param folder for the source and the program
   * @param owner the class beside which the source is
   * @param name the source's name without {@code .c}
   * @return the program
   */
  public static Path compile(Path folder, Class<?> owner, String name)
      throws IOException, InterruptedException {
    Path source = folder.resolve(name + ".c");
    Path program = folder.resolve(name);
    try (InputStream stream = owner.getResourceAsStream(name + ".c")) {
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
