package io.github.keepalive4j;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A key of TCP's MD5 signatures ({@code TCP_MD5SIG}, RFC 2385). Immutable. Nothing that this
 * library prints, logs or throws shows its bytes.
 */
public final class Md5Key {
  /** What the kernel takes: {@code TCP_MD5SIG_MAXKEYLEN}. */
  private static final int MAX_BYTES = 80;

  private static final int LONGEST_LINE_END = 2;

  private final byte[] bytes;

  private Md5Key(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Makes a key.
   *
   * @param bytes 1 to 80 of them, which are copied
   * @throws IllegalArgumentException if there are fewer or more; the message has only their number
   */
  public static Md5Key of(byte[] bytes) {
    if (Objects.requireNonNull(bytes, "bytes").length < 1 || bytes.length > MAX_BYTES) {
      throw new IllegalArgumentException("md5Key " + outOfRange(bytes.length));
    }
    return new Md5Key(bytes.clone());
  }

  /**
   * Reads a key from a file, which should be readable for its user alone. A line end at the file's
   * end, as editors leave one, doesn't belong to the key; every other byte does.
   *
   * @param file holds 1 to 80 bytes, and perhaps a line end
   * @throws IOException if the file can't be read, or holds fewer or more bytes; the message has
   *     only the file's name and the number of bytes
   */
  public static Md5Key readFrom(Path file) throws IOException {
    byte[] read;
    try (InputStream input = Files.newInputStream(Objects.requireNonNull(file, "file"))) {
      read = input.readNBytes(MAX_BYTES + LONGEST_LINE_END + 1);
    }
    int length = withoutLineEnd(read);
    if (length < 1 || length > MAX_BYTES) {
      Arrays.fill(read, (byte) 0);
      throw new IOException("the key in " + file + " " + outOfRange(length));
    }
    Md5Key key = new Md5Key(Arrays.copyOf(read, length));
    Arrays.fill(read, (byte) 0);
    return key;
  }

  private static int withoutLineEnd(byte[] read) {
    int length = read.length;
    if (length > 0 && read[length - 1] == '\n') {
      length--;
      if (length > 0 && read[length - 1] == '\r') {
        length--;
      }
    }
    return length;
  }

  private static String outOfRange(int length) {
    String count = length > MAX_BYTES ? "more than " + MAX_BYTES : Integer.toString(length);
    return "has " + count + " bytes, not 1 to " + MAX_BYTES;
  }

  /**
   * Returns a copy of the key, for the caller to wipe after use.
   *
   * @return 1 to 80 bytes
   */
  public byte[] toBytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Md5Key key && MessageDigest.isEqual(bytes, key.bytes);
  }

  /** Depends on the length alone, so that printing it reveals nothing. */
  @Override
  public int hashCode() {
    return bytes.length;
  }

  @Override
  public String toString() {
    return "Md5Key[hidden]";
  }
}
