package io.github.keepalive4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.support.ChildJvm;
import io.github.keepalive4j.support.Preload;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which way to a link is taken, and what is said where there is none. */
class TransportTest {
  private static final String NATIVE = "-D" + Transport.PROPERTY + "=native";

  @TempDir Path directory;

  @AfterEach
  void clearProperty() {
    System.clearProperty(Transport.PROPERTY);
  }

  @Test
  void theShimIsTakenWhereItLoads() {
    assertEquals(Optional.empty(), Transport.NATIVE.unavailabilityCause());
    assertEquals(Transport.NATIVE, Transport.selected());
  }

  @Test
  void theJdkTransportIsAlwaysAvailable() {
    assertTrue(Transport.JDK.isAvailable());
  }

  @ParameterizedTest
  @CsvSource({"native, NATIVE", "jdk, JDK", "JDK, JDK", "'', NATIVE"})
  void thePropertyChoosesTheTransport(String value, Transport expected) {
    System.setProperty(Transport.PROPERTY, value);
    assertEquals(expected, Transport.selected());
  }

  @Test
  void anUnknownTransportIsRefused() {
    System.setProperty(Transport.PROPERTY, "udp");
    String message = assertThrows(IllegalArgumentException.class, Transport::selected).getMessage();
    assertEquals("keepalive4j.transport \"udp\" is neither native nor jdk", message);
    assertThrows(IllegalArgumentException.class, KeepaliveMonitor::open);
  }

  @Test
  void aMissingLibraryIsWarnedOfOnceAndTheJdkIsUsed() throws Exception {
    try (ChildJvm child = child("/nowhere/libkeepalive4j.so", "")) {
      assertNames("/nowhere/libkeepalive4j.so", child.readLine());
      assertEquals("JDK", child.readLine());
      String logged = child.readLine();
      String once = "JDK [the shim isn't loaded, so links run on the JDK alone: tried the file ";
      assertTrue(logged.startsWith(once), logged);
      assertEquals(logged.indexOf("the shim"), logged.lastIndexOf("the shim"), logged);
    }
  }

  @Test
  void aFileThatIsNoLibraryIsWarnedOfToo() throws Exception {
    Path text = Files.writeString(directory.resolve("libkeepalive4j.so"), "no library");
    try (ChildJvm child = child(text.toString(), "")) {
      assertNames(text.toString(), child.readLine());
      assertEquals("JDK", child.readLine());
    }
  }

  @Test
  void aRequestedShimThatDoesNotLoadIsAnError() throws Exception {
    try (ChildJvm child = child("/nowhere/libkeepalive4j.so", "native")) {
      assertNames("/nowhere/libkeepalive4j.so", child.readLine());
      String error = child.readLine();
      assertTrue(error.startsWith("java.lang.IllegalStateException: "), error);
      assertNames("/nowhere/libkeepalive4j.so", error);
    }
  }

  @Test
  void aSandboxThatRefusesToWaitForEventsIsToldWhenTheShimLoads() throws Exception {
    List<String> sandbox = Preload.compile("no_epoll_wait", directory).command();
    try (ChildJvm child = ChildJvm.start(sandbox, TransportProgram.class, NATIVE)) {
      String cause = child.readLine();
      assertTrue(cause.contains("waiting for events: EPERM"), cause);
      assertTrue(child.readLine().contains(cause.substring(cause.indexOf("waiting"))));
    }
  }

  @Test
  void aLibraryElsewhereIsLoaded() throws Exception {
    Path copy = directory.resolve("copy.so");
    try (InputStream shim = Transport.class.getResourceAsStream(JarTest.SHIM)) {
      Files.copy(shim, copy);
    }
    try (ChildJvm child = child(copy.toString(), "native")) {
      assertEquals("available", child.readLine());
      assertEquals("NATIVE", child.readLine());
    }
  }

  private static ChildJvm child(String library, String transport) throws Exception {
    return ChildJvm.start(
        TransportProgram.class,
        "-D" + Transport.LIBRARY_PROPERTY + "=" + library,
        "-D" + Transport.PROPERTY + "=" + transport);
  }

  private static void assertNames(String file, String message) {
    assertTrue(message.contains("tried the file " + file), message);
    assertTrue(message.contains(Transport.LIBRARY_PROPERTY), message);
  }
}
