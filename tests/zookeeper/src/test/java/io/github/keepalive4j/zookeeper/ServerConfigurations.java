package io.github.keepalive4j.zookeeper;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.curator.test.InstanceSpec;

/** The configuration files that embedded servers write for ZooKeeper's parser and leave behind. */
public final class ServerConfigurations {
  private ServerConfigurations() {}

  /** Deletes the file that names the server's data directory. */
  public static void delete(InstanceSpec server) throws IOException {
    Path directory = Path.of(System.getProperty("java.io.tmpdir"));
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(directory, "zookeeper.configuration*.properties")) {
      for (Path file : files) {
        if (server.getDataDirectory().getPath().equals(dataDirectory(file))) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private static String dataDirectory(Path file) throws IOException {
    Properties configuration = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      configuration.load(reader);
    } catch (NoSuchFileException e) {
      return null; // another process has deleted its own
    }
    return configuration.getProperty("dataDir");
  }
}
