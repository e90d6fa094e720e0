package io.github.keepalive4j.testkit.qemu;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * A guest of one boot sector that counts on its first serial port (COM1), eight decimal digits a
 * line, at the 18.2 lines a second of the PC's timer. It needs no disk and no system, sleeps
 * between its lines, and keeps its count in its memory, so that it goes on counting wherever that
 * memory goes.
 */
public final class CountingGuest {

  private static final int SECTOR_BYTES = 512;
  private static final int LOADED_AT = 0x7c00;
  private static final int DIGITS = 8;

  private CountingGuest() {}

  /**
   * Assembles the boot sector.
   *
   * @return its 512 bytes
   */
  public static byte[] bootSector() {
    byte[] sector = Arrays.copyOf(code(), SECTOR_BYTES);
    sector[SECTOR_BYTES - 2] = 0x55; // the mark by which the BIOS knows a boot sector
    sector[SECTOR_BYTES - 1] = (byte) 0xaa;
    return sector;
  }

  private static byte[] code() {
    return new Assembler16(LOADED_AT)
        .bytes(0xfa) // cli
        .bytes(0x31, 0xc0) // xor ax, ax
        .bytes(0x8e, 0xd8) // mov ds, ax
        .bytes(0x8e, 0xd0) // mov ss, ax
        .bytes(0xbc)
        .address("start") // mov sp, start        the stack grows down from the code
        .bytes(0xfc) // cld
        .bytes(0xfb) // sti
        .label("start")
        .label("tick")
        .bytes(0xf4) // hlt                             until the next timer interrupt
        .bytes(0xbb)
        .address("lastDigit") // mov bx, lastDigit
        .label("carry")
        .bytes(0xfe, 0x07) // inc byte [bx]
        .bytes(0x80, 0x3f, '9') // cmp byte [bx], '9'
        .jump(0x76, "print") // jbe print
        .bytes(0xc6, 0x07, '0') // mov byte [bx], '0'
        .bytes(0x4b) // dec bx
        .bytes(0x81, 0xfb)
        .address("beforeDigits") // cmp bx, beforeDigits
        .jump(0x75, "carry") // jne carry
        .label("print")
        .bytes(0xbe)
        .address("line") // mov si, line
        .label("character")
        .bytes(0xba, 0xfd, 0x03) // mov dx, 0x3fd       COM1's line status
        .label("busy")
        .bytes(0xec) // in al, dx
        .bytes(0xa8, 0x20) // test al, 0x20             ready for a character?
        .jump(0x74, "busy") // jz busy
        .bytes(0xba, 0xf8, 0x03) // mov dx, 0x3f8       COM1's data
        .bytes(0xac) // lodsb
        .bytes(0xee) // out dx, al
        .bytes(0x3c, '\n') // cmp al, '\n'
        .jump(0x75, "character") // jne character
        .jump(0xeb, "tick") // jmp tick
        .label("beforeDigits")
        .bytes(0)
        .label("line")
        .text("0".repeat(DIGITS - 1))
        .label("lastDigit")
        .text("0\r\n")
        .assemble();
  }

  /**
   * Writes the boot sector as the image of a floppy disk, to be given to QEMU as {@code -drive
   * file=…,format=raw,if=floppy,readonly=on}.
   *
   * @param image the file to write
   * @return the file
   * @throws IOException if it cannot be written
   */
  public static Path writeImage(Path image) throws IOException {
    return Files.write(image, bootSector());
  }

  /**
   * Reads the counts off what a serial port wrote to a file. What is no complete line of the
   * guest's is passed over.
   *
   * @param serial the file; that it does not exist yet is no error
   * @return the counts in order
   * @throws IOException if the file cannot be read
   */
  public static LongStream counts(Path serial) throws IOException {
    if (!Files.exists(serial)) {
      return LongStream.empty();
    }
    String text = Files.readString(serial, StandardCharsets.ISO_8859_1);
    return text.substring(0, text.lastIndexOf('\n') + 1)
        .lines()
        .filter(line -> line.matches("\\d{" + DIGITS + "}"))
        .mapToLong(Long::parseLong);
  }
}
