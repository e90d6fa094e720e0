package io.github.keepalive4j.support;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;

/** A library that stands between a program and its C library ({@code LD_PRELOAD}). */
public final class Preload {
  private static final String VARIABLE = "LD_PRELOAD";

  private final String library;

  private Preload(String library) {
    this.library = library;
  }

  /** Compiles {@code src/test/c/NAME.c} into a folder. The test needs {@code gcc}. */
  public static Preload compile(String name, Path folder) throws IOException, InterruptedException {
    Needs.program("gcc");
    String library = folder.resolve(name + ".so").toString();
    String source = "src/test/c/" + name + ".c";
    Process gcc =
        new ProcessBuilder("gcc", "-shared", "-fPIC", "-o", library, source).inheritIO().start();
    Assertions.assertEquals(0, gcc.waitFor(), source);
    return new Preload(library);
  }

  /** Returns what to add to a program's environment. */
  public Map<String, String> environment() {
    return Map.of(VARIABLE, library);
  }

  /** Returns the command that starts the program whose name and arguments follow it. */
  public List<String> command() {
    return List.of("env", VARIABLE + "=" + library);
  }
}
