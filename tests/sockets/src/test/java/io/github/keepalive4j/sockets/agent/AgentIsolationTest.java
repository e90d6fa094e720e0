package io.github.keepalive4j.sockets.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Native;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.sockets.SocketSweeper;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The agent beside applications that have the same libraries in other versions, or odd settings.
 */
class AgentIsolationTest extends WithPeer {
  private static final String OTHER_WORKS = Path.of(AgentJvm.OTHER_JNA).getFileName() + " works";
  private static final String AGENT = "io.github.keepalive4j.sockets.agent.Agent";
  private static final String TOP = "io/github/keepalive4j/sockets/agent/";
  private static final String DISPATCH = "com/sun/jna/linux-x86-64/libjnidispatch.so";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {17, 25})
  void anotherJnaOnTheClassPathWorksBesideTheAgents(int release) throws Exception {
    try (AgentJvm jvm =
        AgentJvm.on(release).agent(RULES).classPathWith(AgentJvm.OTHER_JNA).start()) {
      requireGoverned(jvm);
      assertEquals("null", jvm.ask("property jnidispatch.path"));
      assertEquals(OTHER_WORKS, jvm.ask("jna"));
    }
  }

  @Test
  void anotherJnaThatWasThereFirstWorksBesideTheAgents() throws Exception {
    try (AgentJvm jvm = AgentJvm.on(17).agent(RULES).classPathWith(AgentJvm.OTHER_JNA).start()) {
      assertEquals(OTHER_WORKS, jvm.ask("jna"));
      requireGoverned(jvm);
    }
  }

  /** The JVM gives a file to one loader only, so that the agent must leave this one alone. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "-Djna.boot.library.path=%s -Djna.noclasspath=true",
        "-Djava.library.path=%s -Djna.nosys=false -Djna.noclasspath=true",
        "-Djna.nounpack=true -Djna.boot.library.path=%s"
      })
  void theAgentLeavesTheLibraryOfAnotherJnaAlone(String settings) throws Exception {
    extractOtherDispatch();
    try (AgentJvm jvm =
        AgentJvm.on(17)
            .agent(RULES)
            .with(String.format(settings, folder).split(" "))
            .classPathWith(AgentJvm.OTHER_JNA)
            .start()) {
      requireGoverned(jvm);
      assertEquals(OTHER_WORKS, jvm.ask("jna"));
    }
  }

  private void extractOtherDispatch() throws Exception {
    extractOtherDispatch("libjnidispatch.so");
  }

  private void extractOtherDispatch(String name) throws Exception {
    try (JarFile jar = new JarFile(AgentJvm.OTHER_JNA);
        InputStream library = jar.getInputStream(jar.getEntry(DISPATCH))) {
      Files.copy(library, folder.resolve(name));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-Dkeepalive4j.transport=jdk",
        "-Dkeepalive4j.library=/nowhere/lib.so",
        "-Djna.library.path=%s"
      })
  void settingsOfTheApplicationsKeepalive4jDoNotReachTheAgent(String setting) throws Exception {
    extractOtherDispatch("libkeepalive4j.so"); // a library, but none that helps the agent
    try (AgentJvm jvm = AgentJvm.on(17).agent(RULES).with(String.format(setting, folder)).start()) {
      requireGoverned(jvm);
      assertEquals(List.of(), jvm.errors());
    }
  }

  @Test
  void aShimInTheLibraryPathDoesNotReachTheAgent() throws Exception {
    extractOtherDispatch("libkeepalive4j.so");
    try (AgentJvm jvm =
        AgentJvm.on(17).agent(RULES).environment("LD_LIBRARY_PATH", folder.toString()).start()) {
      requireGoverned(jvm);
      assertEquals(List.of(), jvm.errors());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 25})
  void anotherJnaOnTheModulePathWorksBesideTheAgents(int release) throws Exception {
    Path module =
        ProgramModule.compileModule(
            folder.resolve("module"), "requires com.sun.jna;", AgentJvm.OTHER_JNA);
    try (AgentJvm jvm =
        AgentJvm.on(release)
            .agent(RULES)
            .module(ProgramModule.NAME, module.toString(), AgentJvm.OTHER_JNA)
            .start()) {
      requireGoverned(jvm);
      assertEquals(OTHER_WORKS, jvm.ask("jna"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 25})
  void aModuleThatRequiresNothingIsHelped(int release) throws Exception {
    Path module = ProgramModule.compileModule(folder.resolve("module"), "");
    try (AgentJvm jvm =
        AgentJvm.on(release).agent(RULES).module(ProgramModule.NAME, module.toString()).start()) {
      requireGoverned(jvm);
    }
  }

  @Test
  void thisLibraryOnTheClassPathDoesNotReachTheAgent() throws Exception {
    Path broken = folder.resolve("io/github/keepalive4j/sockets");
    Files.createDirectories(broken);
    Files.writeString(broken.resolve("SocketSweeper.class"), "of another version");
    try (AgentJvm jvm = AgentJvm.on(17).agent(RULES).classPathWith(folder.toString()).start()) {
      requireGoverned(jvm);
    }
  }

  /** What is on top of the jar is also on the application's class path. */
  @Test
  void onlyTheAgentsOwnPackageIsOnTopOfTheJar() throws Exception {
    try (JarFile jar = new JarFile(AgentJvm.JAR)) {
      List<String> others =
          jar.stream()
              .map(entry -> entry.getName())
              .filter(name -> !name.endsWith("/"))
              .filter(name -> !name.startsWith("inner/") && !name.startsWith("META-INF/"))
              .filter(name -> !name.startsWith(TOP))
              .toList();
      assertEquals(List.of(), others);
      for (Class<?> inside : List.of(SocketSweeper.class, KeepaliveOptions.class, Native.class)) {
        assertTrue(
            jar.getEntry("inner/" + inside.getName().replace('.', '/') + ".class") != null,
            inside.getName());
      }
      Manifest manifest = jar.getManifest();
      assertEquals(AGENT, manifest.getMainAttributes().getValue("Premain-Class"));
      assertEquals(AGENT, manifest.getMainAttributes().getValue("Agent-Class"));
    }
  }

  /** Or else the application's copy would be taken for the agent's. */
  @Test
  void theLibrarysJarHasNoClassOfTheAgents() throws Exception {
    Path jar =
        Path.of(SocketSweeper.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (JarFile contents = new JarFile(jar.toFile())) {
      assertEquals(0, contents.stream().filter(entry -> entry.getName().startsWith(TOP)).count());
    }
  }
}
