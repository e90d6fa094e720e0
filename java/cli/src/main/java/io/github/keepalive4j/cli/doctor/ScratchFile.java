package io.github.keepalive4j.cli.doctor;

import io.github.keepalive4j.cli.output.Messages;
import io.github.keepalive4j.internal.journal.JournalFile;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A program that writes to a file beside a journal as the journal would, and deletes it. It says
 * how long the slowest line took. It opens neither the journal nor its lock.
 */
final class ScratchFile {
  /** Before the nanoseconds in what it says. */
  static final String TOOK = "took ";

  private static final int LINES = 3;
  private static final byte[] LINE = "{\"event\":\"scratch\"}\n".getBytes(StandardCharsets.UTF_8);

  private ScratchFile() {}

  /** Takes the journal's path. */
  public static void main(String[] arguments) {
    try {
      System.out.println(TOOK + slowestLineNs(Path.of(arguments[0])));
    } catch (IOException e) {
      System.out.println(reason(e));
    }
  }

  private static String reason(IOException e) {
    return e instanceof FileSystemException file && file.getReason() == null
        ? file.getFile() + ": " + e.getClass().getSimpleName()
        : Messages.of(e);
  }

  private static long slowestLineNs(Path journal) throws IOException {
    Path folder = folderOf(journal);
    requireWritable(journal);
    requireWritable(folder.resolve(journal.getFileName() + ".lock"));
    Path scratch = Files.createTempFile(folder, ".keepalive-doctor-", "");
    try (FileOutputStream file = new FileOutputStream(scratch.toFile())) {
      long slowestNs = 0;
      for (int i = 0; i < LINES; i++) {
        long startNs = System.nanoTime();
        file.write(LINE);
        file.getFD().sync();
        slowestNs = Math.max(slowestNs, System.nanoTime() - startNs);
      }
      return slowestNs;
    } finally {
      Files.delete(scratch);
    }
  }

  private static Path folderOf(Path journal) throws IOException {
    Path file = Files.exists(journal) ? journal.toRealPath() : journal.toAbsolutePath();
    Path folder = file.getParent();
    if (!Files.isDirectory(folder)) {
      throw new IOException("there is no folder " + folder);
    }
    return folder;
  }

  private static void requireWritable(Path file) throws IOException {
    JournalFile.requireRegular(file);
    if (Files.exists(file) && !Files.isWritable(file)) {
      throw new IOException(file + " can't be written by this user");
    }
  }
}
