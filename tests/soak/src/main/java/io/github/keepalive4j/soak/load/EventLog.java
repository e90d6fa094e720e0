package io.github.keepalive4j.soak.load;

import io.github.keepalive4j.soak.program.BackupEvent;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file with one line for each event. */
final class EventLog implements Closeable {
  private final BufferedWriter writer;

  EventLog(Path file) throws IOException {
    writer = Files.newBufferedWriter(file);
  }

  synchronized void write(BackupEvent event) {
    try {
      writer.write(event.line());
      writer.newLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void error(String link, Throwable error) {
    write(BackupEvent.now(link, LoadEvent.ERROR, error.toString().replaceAll("\\s", "_")));
  }

  @Override
  public synchronized void close() throws IOException {
    writer.close();
  }
}
