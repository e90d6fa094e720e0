package io.github.keepalive4j.zookeeper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Native;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.support.Jdk;
import io.github.keepalive4j.support.Needs;
import java.io.File;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.module.ResolutionException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import javax.tools.ToolProvider;
import org.apache.jute.Record;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A named module that uses the guard, and why the guard's jar is an automatic one. */
class ModulePathTest {
  private static final String PROGRAM =
      """
      package elsewhere;

      import io.github.keepalive4j.zookeeper.*;
      import java.time.Duration;

      public class Program {
        public static void main(String[] args) throws Exception {
          try (ZooKeeperGuard guard = ZooKeeperGuard.builder("127.0.0.1:1", "vm1").open()) {
            System.out.println(Program.class.getModule().getName() + " "
                + ZooKeeperGuard.class.getModule().getName() + " "
                + guard.awaitConnected(Duration.ofMillis(50)));
          }
        }
      }
      """;
  private static final String MODULE =
      "module elsewhere { requires io.github.keepalive4j; requires io.github.keepalive4j.zookeeper; }";

  @TempDir Path directory;

  private static Path origin(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 25})
  void aNamedModuleUsesTheGuardWithCuratorOnTheClassPath(int version) throws Exception {
    Path jar = origin(ZooKeeperGuard.class);
    if (Files.isDirectory(jar)) {
      Needs.lack("the jar is not built: run the phase verify instead of test");
    }
    String modules =
        String.join(
            File.pathSeparator,
            jar.toString(),
            origin(KeepaliveSocket.class).toString(),
            origin(Native.class).toString());
    Path program = Files.writeString(directory.resolve("Program.java"), PROGRAM);
    Path module = Files.writeString(directory.resolve("module-info.java"), MODULE);
    String classes = directory.resolve("classes").toString();
    String classPath = System.getProperty("java.class.path");
    int compiled =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-d",
                classes,
                "--release",
                "17",
                "-p",
                modules,
                "-cp",
                classPath,
                program.toString(),
                module.toString());
    assertEquals(0, compiled);
    Process java =
        new ProcessBuilder(
                Jdk.java(version),
                "-cp",
                classPath,
                "-p",
                modules + File.pathSeparator + classes,
                "-m",
                "elsewhere/elsewhere.Program")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, java.waitFor());
    assertEquals("elsewhere io.github.keepalive4j.zookeeper false", output.strip());
  }

  /** Once ZooKeeper's jars can be modules, this fails, and the guard can have a descriptor. */
  @Test
  void zooKeepersJarsShareAPackageSoNoModuleCanReadBoth() throws Exception {
    ModuleFinder jars = ModuleFinder.of(origin(ZooKeeper.class), origin(Record.class));
    ModuleFinder none = ModuleFinder.of();
    Set<String> both = Set.of("zookeeper", "zookeeper.jute");
    List<Configuration> parents = List.of(ModuleLayer.boot().configuration());
    ResolutionException refusal =
        assertThrows(
            ResolutionException.class, () -> Configuration.resolve(jars, parents, none, both));
    assertTrue(refusal.getMessage().contains("org.apache.zookeeper."), refusal.getMessage());
  }
}
