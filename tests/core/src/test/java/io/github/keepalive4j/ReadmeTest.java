package io.github.keepalive4j;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadmeTest {
  private static final Path README = Path.of(System.getProperty("basedir", "."), "../../README.md");
  private static final Pattern EXAMPLE =
      Pattern.compile("^```java$(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern CLASS =
      Pattern.compile("^(public )?.*\\bclass (\\w+)", Pattern.MULTILINE);

  @Test
  void theJavaExampleCompiles(@TempDir Path directory) throws Exception {
    Matcher block = EXAMPLE.matcher(Files.readString(README));
    assertTrue(block.find(), README + " has no block that begins with ```java");
    String example = block.group(1);
    Matcher name = CLASS.matcher(example);
    assertTrue(name.find(), "the first Java example of " + README + " has no class");
    Path source = Files.writeString(directory.resolve(name.group(2) + ".java"), example);
    Compilation.compile(
        directory, List.of("-cp", System.getProperty("java.class.path")), List.of(source));
  }
}
