package io.github.keepalive4j.sockets.agent;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Assertions;

/** The program, compiled once more: elsewhere, or as a module. */
final class ProgramModule {
  static final String NAME = "application";

  private static final Path SOURCE =
      Path.of(System.getProperty("basedir", "."), "src/test/java/application/Program.java");

  private ProgramModule() {}

  /** Compiles it into a folder and returns that. */
  static Path compile(Path folder) throws IOException {
    return compile(folder, List.of(), SOURCE);
  }

  /** Compiles it as a module that requires some others, which are in the given jars. */
  static Path compileModule(Path folder, String requires, String... jars) throws IOException {
    Files.createDirectories(folder);
    Path descriptor =
        Files.writeString(
            folder.resolve("module-info.java"), "module " + NAME + " { " + requires + " }");
    List<String> path = jars.length == 0 ? List.of() : List.of("-p", String.join(":", jars));
    return compile(folder, path, SOURCE, descriptor);
  }

  private static Path compile(Path folder, List<String> options, Path... sources)
      throws IOException {
    List<String> all = new ArrayList<>(List.of("-d", folder.toString(), "--release", "17"));
    all.addAll(options);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter complaints = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      if (!compiler
          .getTask(
              complaints,
              files,
              null,
              all,
              null,
              files.getJavaFileObjectsFromPaths(Arrays.asList(sources)))
          .call()) {
        Assertions.fail("the program doesn't compile:\n" + complaints);
      }
    }
    return folder;
  }
}
