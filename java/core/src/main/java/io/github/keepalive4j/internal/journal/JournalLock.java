package io.github.keepalive4j.internal.journal;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;

/**
 * Keeps a journal from being opened twice, by a lock on a file beside it.
 *
 * <p>The kernel drops a process's lock on a file as soon as the process closes any descriptor of
 * that file. So the JDK can't lock the journal itself: whoever reads it in this process would drop
 * the lock. The shim can ({@link io.github.keepalive4j.internal.shim.FileLock}). And this process
 * never opens the lock file a second time: a system property for each lock file says so to the
 * copies of this class in other class loaders.
 */
final class JournalLock implements AutoCloseable {
  private static final String SUFFIX = ".lock";

  /** Before the name of a lock file that this process has open. */
  private static final String PROPERTY = "io.github.keepalive4j.journal.open:";

  private final Path path;
  private final FileOutputStream file;

  private JournalLock(Path path, FileOutputStream file) {
    this.path = path;
    this.file = file;
  }

  /** Tells whether this is the lock of a journal that exists. */
  boolean isOf(Path journal) throws IOException {
    return path.equals(pathOf(journal));
  }

  private static Path pathOf(Path journal) throws IOException {
    Path real = journal.toRealPath();
    return real.resolveSibling(real.getFileName() + SUFFIX);
  }

  /** Takes the lock of a journal that exists. */
  static JournalLock take(Path journal) throws IOException {
    Path path = pathOf(journal);
    if (System.getProperties().putIfAbsent(PROPERTY + path, "true") != null) {
      throw new IOException("this process has the journal " + journal + " open already");
    }
    boolean taken = false;
    try {
      JournalLock lock = new JournalLock(path, lock(path, journal));
      taken = true;
      return lock;
    } finally {
      if (!taken) {
        System.clearProperty(PROPERTY + path);
      }
    }
  }

  private static FileOutputStream lock(Path path, Path journal) throws IOException {
    JournalFile.requireRegular(path);
    FileOutputStream file = new FileOutputStream(path.toFile(), true);
    boolean locked = false;
    try {
      locked = file.getChannel().tryLock() != null;
    } catch (OverlappingFileLockException e) { // somebody else in this process has locked it
      throw new IOException("this process has the journal " + journal + " open already", e);
    } finally {
      if (!locked) {
        file.close();
      }
    }
    if (!locked) {
      throw new IOException("another process has the journal " + journal + " open");
    }
    return file;
  }

  /** Releases the lock. The file stays: another process may be about to lock it. */
  @Override
  public synchronized void close() throws IOException {
    if (!file.getChannel().isOpen()) {
      return; // it may be another instance's by now
    }
    try {
      file.close();
    } finally {
      System.clearProperty(PROPERTY + path);
    }
  }
}
