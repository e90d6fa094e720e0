package io.github.keepalive4j.testkit.qemu;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.LongStream;

/**
 * A guest of one boot sector. It counts on its first serial port (COM1), eight decimal digits a
 * line, at the 18.2 lines a second of the PC's timer. It needs no disk and no operating system, and
 * sleeps between its lines. The count is in its memory, so a migrated guest goes on where it
 * stopped. Where the machine has a hard disk, the guest writes each line to its first sector, and
 * waits for the disk, before it prints the line.
 */
public final class CountingGuest {
  private static final String IMAGE = "counting_guest.img";
  private static final int DIGITS = 8;

  private CountingGuest() {}

  /**
   * Returns the boot sector, 512 bytes.
   *
   * @throws IllegalStateException if this testkit was built on a machine without a compiler for x86
   */
  public static byte[] bootSector() {
    try (InputStream image = CountingGuest.class.getResourceAsStream(IMAGE)) {
      if (image == null) {
        throw new IllegalStateException(
            IMAGE + " is missing: this testkit was built without a compiler for x86");
      }
      return image.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Writes the boot sector as the image of a floppy disk. QEMU takes it as {@code -drive
   * file=…,format=raw,if=floppy,readonly=on}.
   *
   * @return the file that was written
   * @throws IOException if the file cannot be written
   * @throws IllegalStateException if this testkit was built on a machine without a compiler for x86
   */
  public static Path writeImage(Path image) throws IOException {
    return Files.write(Objects.requireNonNull(image, "image"), bootSector());
  }

  /**
   * Reads the counts from what the guest's serial port wrote to a file. Anything but a complete
   * line of eight digits is skipped.
   *
   * @param serial the file, which need not exist yet
   * @return the counts in order
   * @throws IOException if the file cannot be read
   */
  public static LongStream counts(Path serial) throws IOException {
    if (!Files.exists(Objects.requireNonNull(serial, "serial"))) {
      return LongStream.empty();
    }
    String text = Files.readString(serial, StandardCharsets.ISO_8859_1);
    return text.substring(0, text.lastIndexOf('\n') + 1)
        .lines()
        .filter(line -> line.matches("\\d{" + DIGITS + "}"))
        .mapToLong(Long::parseLong);
  }
}
