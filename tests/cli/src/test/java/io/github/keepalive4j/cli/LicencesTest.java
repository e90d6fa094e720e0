package io.github.keepalive4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The licences of what others wrote and the runnable jar has inside. */
class LicencesTest {
  private static final Pattern MAVEN_ORIGIN =
      Pattern.compile("META-INF/maven/([^/]+)/([^/]+)/pom\\.properties");

  private static List<String> entries;
  private static String list;
  private static String shaded;

  @BeforeAll
  static void readTheJar() throws IOException {
    try (JarFile jar = new JarFile(System.getProperty("keepalive.jar"))) {
      entries = jar.stream().map(Object::toString).toList();
      list = read(jar, "META-INF/THIRD-PARTY.txt");
      shaded = read(jar, "META-INF/THIRD-PARTY-SHADED.txt");
    }
  }

  private static String read(JarFile jar, String entry) throws IOException {
    try (InputStream in = jar.getInputStream(jar.getEntry(entry))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void everyArtifactInsideIsListed() {
    TreeSet<String> missing = new TreeSet<>();
    for (String entry : entries) {
      Matcher origin = MAVEN_ORIGIN.matcher(entry);
      if (origin.matches() && !origin.group(1).equals("io.github.keepalive4j")) {
        missing.add(origin.group(1) + ":" + origin.group(2) + ":");
      }
    }
    assertTrue(missing.size() > 20, missing::toString);
    missing.removeIf((list + shaded)::contains);
    assertEquals(new TreeSet<>(), missing);
  }

  @ParameterizedTest // those that Maven didn't build, so the jar doesn't say where they are from
  @ValueSource(strings = {"net.java.dev.jna:jna:", "info.picocli:picocli:", "io.micrometer:"})
  void whatGradleAndAntBuiltIsListed(String artifact) {
    assertTrue(list.contains(artifact), list);
  }

  @Test
  void everyOneHasALicence() {
    List<String> lines = list.lines().filter(line -> line.contains(":")).toList();
    assertTrue(
        lines.stream().skip(1).allMatch(line -> line.matches(" *\\(.+\\) .+ \\(.+ - .+\\)")), list);
    assertTrue(!list.contains("Unknown license"), list);
  }
}
