package io.github.keepalive4j.journal;

import io.github.keepalive4j.Journal;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A program that has a journal open, and does with the file what it is told. */
final class JournalHolder {
  static final String FILE = "file";

  private JournalHolder() {}

  public static void main(String[] arguments) throws Exception {
    Path file = Path.of(System.getProperty(FILE));
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Journal journal = Journal.open(file, Duration.ofSeconds(30)); // a slow disk bears it
    System.out.println("open");
    for (String order = orders.readLine(); order != null; order = orders.readLine()) {
      switch (order) {
        case "open again" -> System.out.println(openAgain(file));
        case "open by another class loader" -> System.out.println(openByAnotherLoader(file));
        case "reopen" -> {
          journal.reopen();
          System.out.println("reopened");
        }
        case "read" -> System.out.println(countLines(file));
        case "close" -> {
          journal.close();
          System.out.println("closed");
        }
        default -> System.out.println(countLines(Path.of(order.replaceFirst("read ", ""))));
      }
    }
  }

  private static long countLines(Path file) throws IOException {
    return JournalLines.events(JournalLines.read(file)).size();
  }

  private static String openAgain(Path file) {
    try {
      Journal.open(file).close();
      return "opened again";
    } catch (IOException e) {
      return e.getMessage();
    }
  }

  private static String openByAnotherLoader(Path file) throws Exception {
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      urls.add(Path.of(entry).toUri().toURL());
    }
    try (URLClassLoader loader =
        new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      loader.loadClass(Journal.class.getName()).getMethod("open", Path.class).invoke(null, file);
      return "opened again";
    } catch (InvocationTargetException e) {
      return e.getCause().getMessage();
    }
  }
}
