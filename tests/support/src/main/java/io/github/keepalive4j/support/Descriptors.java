package io.github.keepalive4j.support;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The sockets, pipes and epoll sets that this process has open. */
public final class Descriptors {
  private static final Path OPEN = Path.of("/proc/self/fd");

  static {
    try {
      new FailingSource().close(); // the JDK keeps a socket of its own from the first close on
    } catch (IOException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private Descriptors() {}

  public static int count() throws IOException {
    int count = 0;
    try (DirectoryStream<Path> links = Files.newDirectoryStream(OPEN)) {
      for (Path link : links) {
        count += isOurs(link) ? 1 : 0;
      }
    }
    return count;
  }

  /** The JVM opens files of its own as classes load; these kinds it opens only when asked. */
  private static boolean isOurs(Path link) {
    try {
      String target = Files.readSymbolicLink(link).toString();
      return target.startsWith("socket:") || target.startsWith("anon_inode:");
    } catch (IOException goneMeanwhile) {
      return false;
    }
  }

  /** Garbage and callbacks under way may hold some for a moment. */
  public static void assertBackTo(int before) throws Exception {
    Eventually.await("no more than " + before + " descriptors", () -> count() <= before);
  }
}
