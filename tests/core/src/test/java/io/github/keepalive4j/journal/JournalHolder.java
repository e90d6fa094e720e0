package io.github.keepalive4j.journal;

import io.github.keepalive4j.Journal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A program that has a journal open, and does with the file what it is told. */
final class JournalHolder {
  static final String FILE = "file";

  private JournalHolder() {}

  public static void main(String[] arguments) throws Exception {
    Path file = Path.of(System.getProperty(FILE));
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Journal journal = Journal.open(file);
    System.out.println("open");
    for (String order = orders.readLine(); order != null; order = orders.readLine()) {
      switch (order) {
        case "open again" -> System.out.println(openAgain(file));
        case "read" -> System.out.println(Files.readString(file).lines().count());
        default -> {
          journal.close();
          System.out.println("closed");
        }
      }
    }
  }

  private static String openAgain(Path file) {
    try {
      Journal.open(file).close();
      return "opened again";
    } catch (IOException e) {
      return e.getMessage();
    }
  }
}
