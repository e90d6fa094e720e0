package io.github.keepalive4j.internal.journal;

import io.github.keepalive4j.internal.shim.FileLock;
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
  private Opened opened;
  private boolean torn; // the file doesn't end with a whole line

  private JournalFile(Path path, Opened opened) {
    this.path = path;
    this.opened = opened;
    this.torn = opened.torn();
  }

  /**
   * What is open. Two locks keep others out: one by the journal's name, and where the shim is used
   * one of the file's own. The file is no channel, which an interrupt would close.
   *
   * @param own the file's own lock; null while it isn't taken
   * @param file null while it isn't open
   */
  private record Opened(JournalLock lock, FileLock own, FileOutputStream file, boolean torn) {
    /** Closes all but what another one has, too, which may be null. */
    void closeFor(Opened other) throws IOException {
      try {
        if (file != null) {
          file.close();
        }
      } finally {
        if (own != null && (other == null || own != other.own)) {
          own.close();
        }
        if (other == null || lock != other.lock) {
          lock.close();
        }
      }
    }
  }

  /** Opens a file to append to, and makes it if there is none. */
  public static JournalFile open(Path path) throws IOException {
    return new JournalFile(path, open(path, null));
  }

  /**
   * Opens the path anew, where there may be another file by now, and closes the file that was open.
   * If that fails, this stays as it was.
   */
  @Override
  public void reopen() throws IOException {
    Opened before = opened;
    opened = open(path, before);
    torn = opened.torn();
    before.closeFor(opened);
  }

  private static Opened open(Path path, Opened before) throws IOException {
    requireRegular(path);
    new FileOutputStream(path.toFile(), true).close(); // makes it, for the locks
    boolean isNamed = before != null && before.lock().isOf(path);
    JournalLock lock = isNamed ? before.lock() : JournalLock.take(path);
    FileLock own = null;
    FileOutputStream file = null;
    boolean complete = false;
    try {
      own = before != null && before.own().isOf(path) ? before.own() : takeOwn(path);
      Path locked = own.fileOr(path); // the name may lead to another file by now
      file = new FileOutputStream(locked.toFile(), true);
      boolean torn = isTorn(locked);
      forceDirectoryUninterruptibly(path);
      complete = true;
      return new Opened(lock, own, file, torn);
    } finally {
      if (!complete) {
        new Opened(lock, own, file, false).closeFor(before);
      }
    }
  }

  private static FileLock takeOwn(Path path) throws IOException {
    FileLock own = FileLock.take(path);
    if (own == null) {
      throw new IOException("the journal " + path + " is open already, under another name");
    }
    return own;
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
    opened.file().write(text.getBytes(StandardCharsets.UTF_8));
    torn = false;
    opened.file().getFD().sync();
  }

  @Override
  public void close() throws IOException {
    opened.closeFor(null);
  }
}
