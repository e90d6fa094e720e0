package io.github.keepalive4j.trust;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.Md5Key;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A key, which nothing shows. */
class Md5KeyTest {
  private static final String SECRET = "open sesame";

  @TempDir Path folder;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private Path file(byte[] content) throws IOException {
    return Files.write(folder.resolve("key"), content);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 79, 80})
  void lengthsInRangeAreTaken(int length) throws Exception {
    byte[] bytes = bytes("k".repeat(length));
    assertArrayEquals(bytes, Md5Key.of(bytes).toBytes());
    assertEquals(Md5Key.of(bytes), Md5Key.readFrom(file(bytes)));
    assertEquals(Md5Key.of(bytes), Md5Key.readFrom(file(bytes("k".repeat(length) + "\n"))));
    assertEquals(Md5Key.of(bytes), Md5Key.readFrom(file(bytes("k".repeat(length) + "\r\n"))));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "81, more than 80", "82, more than 80", "100000, more than 80"})
  void lengthsOutOfRangeAreNamed(int length, String told) throws Exception {
    byte[] bytes = bytes("k".repeat(length));
    String range = "has " + told + " bytes, not 1 to 80";
    assertEquals(
        "md5Key " + range,
        assertThrows(IllegalArgumentException.class, () -> Md5Key.of(bytes)).getMessage());
    Path file = file(bytes);
    assertEquals(
        "the key in " + file + " " + range,
        assertThrows(IOException.class, () -> Md5Key.readFrom(file)).getMessage());
  }

  @Test
  void aFileOfALineEndAloneHoldsNoKey() throws Exception {
    Path file = file(bytes("\r\n"));
    assertThrows(IOException.class, () -> Md5Key.readFrom(file));
    assertThrows(IOException.class, () -> Md5Key.readFrom(folder.resolve("none")));
    assertThrows(IOException.class, () -> Md5Key.readFrom(Path.of("/dev/zero")));
  }

  @Test
  void everyOtherByteBelongsToTheKey() throws Exception {
    byte[] content = {0, '\n', (byte) 0xFF, '\r', '\n', ' ', '\n', '\n'};
    byte[] key = {0, '\n', (byte) 0xFF, '\r', '\n', ' ', '\n'};
    assertArrayEquals(key, Md5Key.readFrom(file(content)).toBytes());
  }

  @Test
  void keysOfTheSameBytesAreEqualAndDoNotChange() {
    byte[] bytes = bytes(SECRET);
    Md5Key key = Md5Key.of(bytes);
    assertEquals(key, Md5Key.of(bytes(SECRET)));
    assertEquals(key.hashCode(), Md5Key.of(bytes(SECRET)).hashCode());
    assertNotEquals(key, Md5Key.of(bytes("open sesamE")));
    bytes[0] = 0;
    key.toBytes()[0] = 0;
    assertArrayEquals(bytes(SECRET), key.toBytes());
  }

  @Test
  void noTextShowsTheKey() {
    Md5Key key = Md5Key.of(bytes(SECRET));
    KeepaliveOptions options = KeepaliveOptions.builder().md5Key(key).build();
    assertEquals("Md5Key[hidden]", key.toString());
    assertTrue(options.toString().contains("md5Key=Md5Key[hidden]"), options::toString);
    assertFalse(options.toString().contains("sesame"));
    assertEquals(options, options.toBuilder().build());
    assertEquals(Optional.of(key), options.md5Key());
    assertNotEquals(options, KeepaliveOptions.defaults());
  }
}
