package io.github.keepalive4j;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Assertions;

/** Compiles sources as a user of the library would. */
final class Compilation {
  private Compilation() {}

  static void compile(Path output, List<String> options, List<Path> sources) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> all = new ArrayList<>(List.of("-d", output.toString(), "--release", "17"));
    all.addAll(options);
    StringWriter complaints = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      boolean compiled =
          compiler
              .getTask(
                  complaints, files, null, all, null, files.getJavaFileObjectsFromPaths(sources))
              .call();
      if (!compiled) {
        Assertions.fail(sources + " don't compile:\n" + complaints);
      }
    }
  }
}
