package io.github.keepalive4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import io.github.keepalive4j.support.Jdk;
import io.github.keepalive4j.support.Needs;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The jar as it is shipped, with jna.jar and nothing else, under a program elsewhere. */
class JarTest {
  static final String SHIM = "/" + Platform.RESOURCE_PREFIX + "/libkeepalive4j.so";

  private static final String PROGRAM =
      """
      package elsewhere;

      import io.github.keepalive4j.*;
      import java.net.*;
      import java.util.concurrent.*;

      public class Program {
        public static void main(String[] args) throws Exception {
          InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
          KeepaliveServer source = KeepaliveServer.open(any);
          BlockingQueue<Failure> failures = new LinkedBlockingQueue<>();
          try (KeepaliveMonitor monitor = KeepaliveMonitor.open()) {
            monitor.watch(
                KeepaliveSocket.connect(source.localAddress(), KeepaliveOptions.defaults()),
                failover -> failures.add(failover.failure()));
            while (source.connections() == 0) {
              Thread.onSpinWait(); // what was not accepted would be reset
            }
            source.close();
            Failure failure = failures.poll(10, TimeUnit.SECONDS);
            System.out.println(Transport.selected() + " " + failure.cause() + " "
                + Runtime.version().feature() + " " + Program.class.getModule().isNamed());
          }
        }
      }
      """;
  private static final String MODULE = "module elsewhere { requires io.github.keepalive4j; }";

  @TempDir Path directory;
  private Path jar;
  private String path;

  @BeforeEach
  void findJar() throws Exception {
    jar = origin(KeepaliveSocket.class);
    if (Files.isDirectory(jar)) {
      Needs.lack("the jar is not built: run the phase verify instead of test");
    }
    path = jar + File.pathSeparator + origin(Native.class);
  }

  private static Path origin(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  @Test
  void theJarHoldsTheShimForEachPlatform() throws IOException {
    try (JarFile contents = new JarFile(jar.toFile())) {
      for (String platform : new String[] {"linux-x86-64", "linux-aarch64"}) {
        if (contents.getEntry(platform + "/libkeepalive4j.so") == null) {
          Needs.lack(
              "no shim for " + platform + ": Debian's gcc-aarch64-linux-gnu builds it on x86-64");
        }
      }
    }
  }

  @Test
  void theJarHoldsTheShimAndItsModule() throws IOException {
    try (JarFile contents = new JarFile(jar.toFile())) {
      assertNotNull(contents.getEntry(SHIM.substring(1)));
      assertNotNull(contents.getEntry("module-info.class"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 25})
  void theJarWorksOnTheClassPath(int version) throws Exception {
    Path classes = compile("-cp", source("Program.java", PROGRAM));
    List<String> arguments =
        List.of("-cp", path + File.pathSeparator + classes, "elsewhere.Program");
    assertEquals("NATIVE CLOSED " + version + " false", run(version, arguments));
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 25})
  void theJarWorksAsANamedModule(int version) throws Exception {
    Path classes =
        compile("-p", source("Program.java", PROGRAM), source("module-info.java", MODULE));
    List<String> arguments =
        List.of("-p", path + File.pathSeparator + classes, "-m", "elsewhere/elsewhere.Program");
    assertEquals("NATIVE CLOSED " + version + " true", run(version, arguments));
  }

  /** jlink refuses JNA, which has no module descriptor, so both jars lie beside the image. */
  @ParameterizedTest
  @ValueSource(ints = {17, 25})
  void theJarWorksOnAnImageOfTheModulesThatItNeeds(int version) throws Exception {
    Path image = directory.resolve("image");
    Process jlink =
        new ProcessBuilder(
                Jdk.home(version).resolve("bin/jlink").toString(),
                "--add-modules",
                "java.logging,jdk.net",
                "--output",
                image.toString())
            .redirectErrorStream(true)
            .start();
    String complaints = new String(jlink.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, jlink.waitFor(), complaints);
    Path classes =
        compile("-p", source("Program.java", PROGRAM), source("module-info.java", MODULE));
    List<String> arguments =
        List.of("-p", path + File.pathSeparator + classes, "-m", "elsewhere/elsewhere.Program");
    assertEquals(
        "NATIVE CLOSED " + version + " true",
        runProgram(image.resolve("bin/java").toString(), arguments));
  }

  private Path source(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  private Path compile(String pathOption, Path... sources) throws IOException {
    Path classes = Files.createDirectory(directory.resolve("classes"));
    Compilation.compile(classes, List.of(pathOption, path), List.of(sources));
    return classes;
  }

  private String run(int version, List<String> arguments) throws Exception {
    return runProgram(Jdk.java(version), arguments);
  }

  private String runProgram(String java, List<String> arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(java));
    command.addAll(arguments);
    Process program =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectError(directory.resolve("stderr").toFile())
            .start();
    String output =
        new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    int status = program.waitFor();
    String errors = Files.readString(directory.resolve("stderr"));
    assertEquals(0, status, () -> command + ": " + errors);
    return output;
  }
}
