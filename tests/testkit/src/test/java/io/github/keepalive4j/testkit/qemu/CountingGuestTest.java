package io.github.keepalive4j.testkit.qemu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CountingGuestTest {

  @TempDir private Path directory;

  @Test
  void isOneBootSector() throws Exception {
    byte[] sector = CountingGuest.bootSector();
    assertEquals(512, sector.length);
    assertEquals(0x55, sector[510] & 0xff);
    assertEquals(0xaa, sector[511] & 0xff);
    Path image = CountingGuest.writeImage(directory.resolve("guest.img"));
    assertArrayEquals(sector, Files.readAllBytes(image));
  }

  @Test
  void readsCompleteLinesOnly() throws Exception {
    Path serial = directory.resolve("serial");
    assertEquals(0, CountingGuest.counts(serial).count());
    Files.writeString(serial, "042\r\n00000043\r\n\u00fe\r\n00000044\r\n0000004");
    assertArrayEquals(new long[] {43, 44}, CountingGuest.counts(serial).toArray());
  }
}
