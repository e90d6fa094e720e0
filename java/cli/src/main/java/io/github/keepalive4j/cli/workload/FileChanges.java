package io.github.keepalive4j.cli.workload;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.concurrent.TimeUnit;

/**
 * Tells when a file may have changed, also by another one that takes its place: by inotify(7).
 * Where the folder doesn't exist, or the system has no watch left, it tells once a second.
 */
final class FileChanges implements AutoCloseable {
  private static final long PAUSE_MS = TimeUnit.SECONDS.toMillis(1);

  private final Path folder;
  private final Path name;
  private final Runnable onChange;
  private final Thread thread = new Thread(this::run, "file-changes");

  /**
   * Begins to tell.
   *
   * @param onChange called on a thread of its own, also once at the beginning
   */
  FileChanges(Path file, Runnable onChange) {
    Path absolute = file.toAbsolutePath();
    this.folder = absolute.getParent();
    this.name = absolute.getFileName();
    this.onChange = onChange;
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try {
      while (true) {
        watchFolder();
        Thread.sleep(PAUSE_MS);
        onChange.run();
      }
    } catch (InterruptedException e) {
      // closed
    }
  }

  /** Returns when the folder can't be watched, or not any more. */
  private void watchFolder() throws InterruptedException {
    try (WatchService service = folder.getFileSystem().newWatchService()) {
      folder.register(
          service,
          StandardWatchEventKinds.ENTRY_CREATE,
          StandardWatchEventKinds.ENTRY_MODIFY,
          StandardWatchEventKinds.ENTRY_DELETE);
      onChange.run(); // it may have changed before
      while (tellNext(service.take())) {
        // as long as there is the folder
      }
    } catch (IOException e) {
      // the caller tries again
    }
  }

  private boolean tellNext(WatchKey key) {
    if (key.pollEvents().stream().anyMatch(this::mayConcernFile)) {
      onChange.run();
    }
    return key.reset();
  }

  private boolean mayConcernFile(WatchEvent<?> event) {
    return event.kind() == StandardWatchEventKinds.OVERFLOW || name.equals(event.context());
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
