package io.github.keepalive4j.support;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A file system of a test's own, in a file, that can be made to hang. A thread that writes to it
 * then can't be killed either, so it is thawed whatever becomes of the test's process.
 */
public final class FreezableDisk implements AutoCloseable {
  private static final long BYTES = 16 << 20;
  private static final List<String> PROGRAMS =
      List.of("mkfs.ext4", "mount", "umount", "losetup", "fsfreeze", "timeout");

  /**
   * Runs until its input ends, which this process's end is too, but no longer than a test. A
   * process that was killed while it waited for the disk ends only after the thaw.
   */
  private static final String CLEANER =
      "timeout 60 cat > /dev/null; fsfreeze --unfreeze \"$0\" 2> /dev/null;"
          + " for try in $(seq 100); do umount -q \"$0\" && exit 0; sleep 0.1; done; exit 1";

  private final Path folder;
  private final Path image;
  private final Process cleaner;

  private FreezableDisk(Path folder, Path image) throws IOException {
    this.folder = folder;
    this.image = image;
    cleaner =
        new ProcessBuilder("sh", "-c", CLEANER, folder.toString())
            .inheritIO()
            .redirectInput(ProcessBuilder.Redirect.PIPE)
            .start();
  }

  /** Makes and mounts a file system; the test is skipped where that can't be done. */
  public static FreezableDisk open() throws Exception {
    Needs.lab(); // which takes root, as mounting does
    PROGRAMS.forEach(Needs::program);
    if (!Files.exists(Path.of("/dev/loop-control"))) {
      Needs.lack("there are no loop devices");
    }
    Path image = Files.createTempFile("freezable", ".ext4");
    Path folder = Files.createTempDirectory("freezable");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(BYTES);
    }
    run("mkfs.ext4", "-q", image.toString());
    run("mount", "-o", "loop", image.toString(), folder.toString());
    return new FreezableDisk(folder, image);
  }

  /** Returns the name of a file on it. */
  public Path resolve(String name) {
    return folder.resolve(name);
  }

  /** Lets every write wait, in the kernel. */
  public void freeze() throws Exception {
    run("fsfreeze", "--freeze", folder.toString());
  }

  public void thaw() throws Exception {
    run("fsfreeze", "--unfreeze", folder.toString());
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertEquals(0, process.waitFor(), () -> String.join(" ", command));
  }

  /** Thaws and unmounts it. No file on it may be open. */
  @Override
  public void close() throws IOException {
    cleaner.getOutputStream().close();
    if (cleaner.onExit().join().exitValue() != 0) {
      throw new IOException(folder + " can't be unmounted");
    }
    Files.delete(folder);
    Files.delete(image);
  }
}
