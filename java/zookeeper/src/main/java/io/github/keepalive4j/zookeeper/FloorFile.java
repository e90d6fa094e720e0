package io.github.keepalive4j.zookeeper;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file with one number, the token floor.
 *
 * @param path the file itself, without symbolic links; null for no file
 * @param value what it had when it was read; 0 for a missing file
 */
record FloorFile(@Nullable Path path, long value) {
  static final FloorFile NONE = new FloorFile(null, 0);

  private static final int MAX_LINKS = 40; // as Linux has it
  private static final int MAX_BYTES = 20; // the greatest number has 19 digits, then a line end

  /**
   * Reads a file, which may be missing.
   *
   * @throws IOException if it can't be read or replaced, or has anything but a number
   */
  static FloorFile read(Path file) throws IOException {
    Path target = targetOf(Objects.requireNonNull(file, "file"));
    Path directory = target.getParent();
    if (directory == null || Files.isDirectory(file)) {
      throw new IOException(file + " is no regular file");
    }
    if (!Files.isDirectory(directory)) {
      throw new IOException("there is no directory " + directory);
    }
    if (!Files.isWritable(directory)) {
      throw new IOException("no file can be made in " + directory);
    }
    if (Files.notExists(target)) {
      return new FloorFile(target, 0);
    }
    if (!Files.isRegularFile(target)) {
      throw new IOException(file + " is no regular file");
    }
    return new FloorFile(target, valueOf(target, file));
  }

  /** Follows links, so that a write replaces what they lead to and not the first of them. */
  private static Path targetOf(Path file) throws IOException {
    Path target = file.toAbsolutePath();
    for (int links = 0; Files.isSymbolicLink(target); links++) {
      if (links == MAX_LINKS) {
        throw new IOException(file + " is no regular file: too many symbolic links");
      }
      target = target.resolveSibling(Files.readSymbolicLink(target));
    }
    return target;
  }

  private static long valueOf(Path target, Path named) throws IOException {
    try (InputStream in = Files.newInputStream(target)) {
      return parse(named, in.readNBytes(MAX_BYTES + 1));
    }
  }

  private static long parse(Path file, byte[] content) throws IOException {
    String text = new String(content, StandardCharsets.US_ASCII);
    try {
      if (content.length <= MAX_BYTES && text.matches("\\d{1,19}\n?")) {
        long value = Long.parseLong(text.strip());
        if (value <= TokenFloor.MAX) {
          return value;
        }
      }
    } catch (NumberFormatException e) {
      // as a number above the range
    }
    throw new IOException(
        file
            + " has \""
            + text.strip().replaceAll("\\P{Print}", "?")
            + "\", not a number from 0 to "
            + TokenFloor.MAX);
  }

  /**
   * Replaces the file's number, unless that is greater: another process uses the file, although
   * none may. A crash leaves the old one or the new one.
   */
  void write(long newValue) throws IOException {
    Path target = Objects.requireNonNull(path);
    if (isAbove(target, newValue)) {
      return;
    }
    Path next = target.resolveSibling(target.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            next,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE,
            LinkOption.NOFOLLOW_LINKS)) {
      ByteBuffer text = StandardCharsets.US_ASCII.encode(newValue + "\n");
      while (text.hasRemaining()) {
        channel.write(text);
      }
      channel.force(true);
    }
    Files.move(next, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel directory =
        FileChannel.open(Objects.requireNonNull(target.getParent()), StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  private static boolean isAbove(Path target, long value) {
    try {
      return Files.isRegularFile(target) && valueOf(target, target) > value;
    } catch (IOException e) {
      return false; // what is there is no number by now
    }
  }
}
