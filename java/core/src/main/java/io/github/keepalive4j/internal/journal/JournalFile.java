package io.github.keepalive4j.internal.journal;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The file of a journal, which one instance has open at a time. Not thread-safe. */
public final class JournalFile implements LineSink {
  private final Path path;
  private JournalLock lock;
  private FileOutputStream file; // not a channel, which an interrupt would close
  private boolean torn; // the file doesn't end with a whole line

  private JournalFile(Path path, JournalLock lock, FileOutputStream file, boolean torn) {
    this.path = path;
    this.lock = lock;
    this.file = file;
    this.torn = torn;
  }

  /** Opens a file to append to, and makes it if there is none. */
  public static JournalFile open(Path path) throws IOException {
    requireRegular(path);
    FileOutputStream file = new FileOutputStream(path.toFile(), true);
    JournalLock lock = null;
    boolean open = false;
    try {
      lock = JournalLock.take(path);
      JournalFile journal = new JournalFile(path, lock, file, isTorn(path));
      forceDirectoryUninterruptibly(path);
      open = true;
      return journal;
    } finally {
      if (!open) {
        closeAll(file, lock);
      }
    }
  }

  /**
   * Opens the path anew, where there may be another file by now, and closes the file that was open.
   * If that fails, this stays as it was.
   */
  @Override
  public void reopen() throws IOException {
    requireRegular(path);
    FileOutputStream fresh = new FileOutputStream(path.toFile(), true);
    JournalLock other = null;
    boolean open = false;
    try {
      other = lock.isOf(path) ? null : JournalLock.take(path);
      boolean freshIsTorn = isTorn(path);
      forceDirectoryUninterruptibly(path);
      open = true;
      replace(fresh, other, freshIsTorn);
    } finally {
      if (!open) {
        closeAll(fresh, other);
      }
    }
  }

  /**
   * Refuses what keeps no lines. Whoever opens a FIFO waits for a reader.
   *
   * @throws IOException if there is something else than a file
   */
  public static void requireRegular(Path path) throws IOException {
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new IOException(path + " is no regular file");
    }
  }

  private void replace(FileOutputStream fresh, JournalLock other, boolean freshIsTorn)
      throws IOException {
    FileOutputStream old = file;
    JournalLock oldLock = other == null ? null : lock;
    file = fresh;
    lock = other == null ? lock : other;
    torn = freshIsTorn;
    closeAll(old, oldLock);
  }

  private static boolean isTorn(Path path) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      if (file.length() == 0) {
        return false;
      }
      file.seek(file.length() - 1);
      return file.read() != '\n';
    }
  }

  /** An interrupt is the caller's own affair. */
  private static void forceDirectoryUninterruptibly(Path path) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          forceDirectory(path);
          return;
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Syncs the directory that has the file itself, which may be a link's target. */
  private static void forceDirectory(Path path) throws IOException {
    Path parent = path.toRealPath().getParent();
    try (FileChannel directory = FileChannel.open(parent, StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  /** Appends lines, each with its end, and returns once they are on the disk. */
  @Override
  public void append(String lines) throws IOException {
    String text = (torn ? "\n" : "") + lines;
    torn = true;
    file.write(text.getBytes(StandardCharsets.UTF_8));
    torn = false;
    file.getFD().sync();
  }

  @Override
  public void close() throws IOException {
    closeAll(file, lock);
  }

  private static void closeAll(FileOutputStream file, JournalLock lock) throws IOException {
    try {
      file.close();
    } finally {
      if (lock != null) {
        lock.close();
      }
    }
  }
}
