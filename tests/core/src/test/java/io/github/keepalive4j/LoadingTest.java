package io.github.keepalive4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.keepalive4j.support.ChildJvm;
import io.github.keepalive4j.support.Needs;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the shim is looked for, and what is said of folders that it can't be loaded from. */
class LoadingTest {
  private static final String FOREIGN_MACHINE =
      JarTest.SHIM.contains("x86-64") ? "linux-aarch64" : "linux-x86-64";

  @TempDir Path folder;
  @TempDir Path other;

  @ParameterizedTest
  @ValueSource(strings = {"keepalive4j.library.path", "java.library.path"})
  void aLibraryInAFolderOfThePathIsLoadedBeforeThatOfTheJar(String property) throws Exception {
    Path file = folder.resolve("libkeepalive4j.so");
    copy(JarTest.SHIM, file);
    String path = other + ":" + folder;
    try (ChildJvm child = ChildJvm.start(LoadedProgram.class, "-D" + property + "=" + path)) {
      assertEquals("available", child.readLine());
      assertTrue(child.readLine().contains(file.toString()));
    }
  }

  @Test
  void theOwnPathComesBeforeTheJvms() throws Exception {
    copy(JarTest.SHIM, folder.resolve("libkeepalive4j.so"));
    copy(JarTest.SHIM, other.resolve("libkeepalive4j.so"));
    try (ChildJvm child =
        ChildJvm.start(
            LoadedProgram.class,
            "-Djava.library.path=" + folder,
            "-Dkeepalive4j.library.path=" + other)) {
      assertEquals("available", child.readLine());
      String loaded = child.readLine();
      assertTrue(loaded.contains(other.toString()), loaded);
      assertFalse(loaded.contains(folder.toString()), loaded);
    }
  }

  @Test
  void theJarsLibraryIsLoadedIfTheOneInAFolderIsForAnotherMachine() throws Exception {
    copyForeignLibrary();
    try (ChildJvm child =
        ChildJvm.start(TransportProgram.class, "-Dkeepalive4j.library.path=" + folder)) {
      assertEquals("available", child.readLine());
    }
  }

  @Test
  void aNamedLibraryForAnotherMachineIsSaidToBeThat() throws Exception {
    copyForeignLibrary();
    Path file = folder.resolve("libkeepalive4j.so");
    try (ChildJvm child = ChildJvm.start(TransportProgram.class, "-Dkeepalive4j.library=" + file)) {
      String error = child.readLine();
      assertTrue(error.contains(file + " (keepalive4j.library): it is for "), error);
      assertTrue(error.contains("for " + FOREIGN_MACHINE + ", not for linux-"), error);
    }
  }

  /** JNA's library goes into the same folder, though the temporary folder can't be used. */
  @Test
  void theLibrariesAreUnpackedIntoTheChosenFolderAndLeaveNothing() throws Exception {
    Needs.lab();
    try (ChildJvm child =
        ChildJvm.start(
            mounted("noexec", other),
            TransportProgram.class,
            "-Djava.io.tmpdir=" + other,
            "-Duser.home=" + other,
            "-Dkeepalive4j.tmpdir=" + folder.resolve("new"))) {
      assertEquals("available", child.readLine());
    }
    try (Stream<Path> left = Files.list(folder.resolve("new"))) {
      assertEquals(List.of(), left.toList());
    }
  }

  /** The message names each place that was tried, and the way out. */
  @ParameterizedTest
  @CsvSource({"noexec, mounted noexec", "ro, is not writable", "size=64k, No space left on device"})
  void aFolderThatTheShimCannotBeUnpackedIntoIsNamedWithTheReason(String option, String reason)
      throws Exception {
    Needs.lab();
    copyForeignLibrary();
    try (ChildJvm child =
        ChildJvm.start(
            mounted(option, other),
            TransportProgram.class,
            "-Dkeepalive4j.library.path=" + folder,
            "-Dkeepalive4j.tmpdir=" + other)) {
      String error = child.readLine();
      assertTrue(error.contains(reason), error);
      assertTrue(error.contains(other.toString()), error);
      assertTrue(error.contains("-Dkeepalive4j.tmpdir=FOLDER"), error);
      assertTrue(error.contains("-Dkeepalive4j.library.path=FOLDER"), error);
      assertEquals("JDK", child.readLine());
    }
  }

  /** Once JNA has its library, only the shim's folder fails, and the next one is taken. */
  @ParameterizedTest
  @ValueSource(strings = {"noexec", "ro", "size=4k"})
  void theNextFolderIsTakenIfTheShimCannotBeUnpackedIntoTheFirst(String option) throws Exception {
    Needs.lab();
    try (ChildJvm child =
        ChildJvm.start(
            mounted(option, other),
            TransportProgram.class,
            "-Dkeepalive4j.tmpdir=" + other,
            "-Djna.tmpdir=" + folder)) {
      assertEquals("available", child.readLine());
    }
  }

  private static List<String> mounted(String option, Path folder) {
    String mount = "mount -t tmpfs -o \"$0\" none \"$1\" && shift && exec \"$@\"";
    return List.of("unshare", "--mount", "sh", "-c", mount, option, folder.toString());
  }

  private void copyForeignLibrary() throws Exception {
    String resource = "/" + FOREIGN_MACHINE + "/libkeepalive4j.so";
    boolean isBuilt = Transport.class.getResource(resource) != null;
    assumeTrue(isBuilt || Boolean.parseBoolean(System.getenv("CI")), "no cross compiler");
    copy(resource, folder.resolve("libkeepalive4j.so"));
  }

  private static void copy(String resource, Path file) throws Exception {
    try (InputStream library = Transport.class.getResourceAsStream(resource)) {
      Files.copy(library, file);
    }
  }
}
