package io.github.keepalive4j.zookeeper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.support.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The token floor and its file. */
@Timeout(60)
class TokenFloorTest {
  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = directory.resolve("floor");
  }

  private static ClaimRecord record(long token, long base) {
    return new ClaimRecord(3, token, "claim-1", Holder.NONE, true, 5, base);
  }

  private TokenFloor open() throws IOException {
    return new TokenFloor(FloorFile.read(file));
  }

  private void awaitFile(String content) throws Exception {
    Eventually.await(
        file + " has " + content,
        () -> Files.exists(file) && Files.readString(file).equals(content));
  }

  private static void refused(Path file, String reason) {
    String heard =
        assertThrows(IOException.class, () -> ZooKeeperGuard.builder("x", "vm1").tokenFloor(file))
            .getMessage();
    assertTrue(heard.contains(file.toString()), heard);
    assertTrue(heard.contains(reason), heard);
  }

  @Test
  void aRecordBelowTheFloorGetsItAsItsBase() throws IOException {
    try (TokenFloor floor = open()) {
      floor.raise(30);
      floor.raise(20);
      assertEquals(30, floor.baseAbove(record(29, 7)));
      assertEquals(7, floor.baseAbove(record(30, 7)));
    }
  }

  @Test
  void aFloorThatLeavesNoTokenIsARefusal() throws IOException {
    try (TokenFloor floor = open()) {
      floor.raise(TokenFloor.MAX + 1);
      String reason =
          assertThrows(UnusableRecordException.class, () -> floor.baseAbove(record(1, 0)))
              .getMessage();
      assertEquals("no token is left above the token floor, 4611686018427387904", reason);
    }
  }

  @Test
  void theFileKeepsTheGreatestToken() throws Exception {
    try (TokenFloor floor = open()) {
      floor.raise(17);
      floor.raise(30);
      floor.raise(20);
      awaitFile("30\n");
    }
    try (TokenFloor floor = open()) {
      assertEquals(30, floor.baseAbove(record(1, 0)));
    }
  }

  @Test
  void aDiskThatFailsIsTriedAgainAndDelaysNobody() throws Exception {
    directory = Files.createDirectory(directory.resolve("disk"));
    nameTheFile();
    try (TokenFloor floor = open()) {
      Files.delete(directory);
      floor.raise(30);
      assertEquals(30, floor.baseAbove(record(1, 0)));
      Files.createDirectory(directory);
      awaitFile("30\n");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "ten", "-1", "4611686018427387904", "99999999999999999999", "1 2", "1\n\n"})
  void aMalformedFileIsRefusedWithItsContent(String content) throws IOException {
    Files.writeString(file, content);
    refused(file, "has \"" + content.strip() + "\", not a number from 0 to 4611686018427387903");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "4611686018427387903", "17\n"})
  void aNumberIsAccepted(String content) throws IOException {
    Files.writeString(file, content);
    assertEquals(Long.parseLong(content.strip()), FloorFile.read(file).value());
  }

  @Test
  void aLinkStaysAndTheFileThatItLeadsToIsReplaced() throws Exception {
    Path disk = Files.createDirectory(directory.resolve("disk"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("other"));
    Files.createSymbolicLink(directory.resolve("other"), disk.resolve("floor"));
    FloorFile.read(link).write(30);
    assertTrue(Files.isSymbolicLink(link));
    assertEquals("30\n", Files.readString(disk.resolve("floor")));
    assertEquals(30, FloorFile.read(link).value());
    Path loop = Files.createSymbolicLink(directory.resolve("loop"), Path.of("loop"));
    refused(loop, "is no regular file");
  }

  @Test
  void aLinkInThePlaceOfTheNextFileIsNotFollowed() throws Exception {
    Path victim = Files.writeString(directory.resolve("victim"), "precious");
    Files.createSymbolicLink(directory.resolve("floor.new"), victim);
    assertThrows(IOException.class, () -> FloorFile.read(file).write(30));
    assertEquals("precious", Files.readString(victim));
  }

  @Test
  void theNumberOfAnotherProcessIsNotMadeSmaller() throws Exception {
    FloorFile other = FloorFile.read(file);
    FloorFile.read(file).write(30);
    other.write(20);
    assertEquals(30, FloorFile.read(file).value());
    Files.writeString(file, "garbage");
    other.write(20);
    assertEquals(20, FloorFile.read(file).value());
  }

  @Test
  void aLongFileIsRefusedWithItsBeginning() {
    refused(Path.of("/proc/version"), "has \"Linux version ");
  }

  @Test
  void whatIsNoFileIsRefused() {
    refused(directory, "is no regular file");
    refused(Path.of("/dev/null"), "is no regular file");
    refused(Path.of("/"), "is no regular file");
  }
}
