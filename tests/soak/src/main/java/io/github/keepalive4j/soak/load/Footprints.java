package io.github.keepalive4j.soak.load;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Structure;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Scanner;
import java.util.stream.Stream;

/** Measures footprints of this process and writes them to a file. */
final class Footprints implements Closeable {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final long KIB = 1024;

  private final LibC libC = Native.load("c", LibC.class);
  private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
  private final Writer writer;

  Footprints(Path file) throws IOException {
    writer = Files.newBufferedWriter(file);
    writer.write(Footprint.HEAD + "\n");
  }

  /** Measures a footprint and writes it to the file. */
  synchronized Footprint take(Load load) {
    memory.gc();
    try {
      Footprint taken =
          new Footprint(
              System.nanoTime(),
              load.size(),
              load.sockets(),
              memory.getHeapMemoryUsage().getUsed(),
              libC.mallinfo2().inUse(),
              status("VmRSS") * KIB,
              descriptors(),
              status("Threads"));
      writer.write(taken.line() + "\n");
      return taken;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static long descriptors() throws IOException {
    try (Stream<Path> open = Files.list(DESCRIPTORS)) {
      return open.count();
    }
  }

  private static long status(String field) throws IOException {
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith(field + ":")) {
        return new Scanner(line.substring(field.length() + 1)).nextLong();
      }
    }
    throw new IOException(STATUS + " has no field " + field);
  }

  @Override
  public synchronized void close() throws IOException {
    writer.close();
  }

  /** The functions of the C library that are used. */
  public interface LibC extends Library {
    /** Returns the state of malloc, over all arenas; since glibc 2.33. */
    MallInfo2 mallinfo2();
  }

  /** The struct {@code mallinfo2} of mallinfo(3). */
  @Structure.FieldOrder({
    "arena",
    "ordblks",
    "smblks",
    "hblks",
    "hblkhd",
    "usmblks",
    "fsmblks",
    "uordblks",
    "fordblks",
    "keepcost"
  })
  public static final class MallInfo2 extends Structure implements Structure.ByValue {
    public long arena;
    public long ordblks;
    public long smblks;
    public long hblks;
    public long hblkhd;
    public long usmblks;
    public long fsmblks;
    public long uordblks;
    public long fordblks;
    public long keepcost;

    long inUse() {
      return uordblks + hblkhd;
    }
  }
}
