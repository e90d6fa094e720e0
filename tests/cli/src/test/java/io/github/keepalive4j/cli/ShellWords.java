package io.github.keepalive4j.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The simple commands of a shell text, as much of the shell as documentation shows: quotes,
 * comments, variables, and lists joined by {@code ;}, {@code &&}, {@code |} or a new line.
 */
final class ShellWords {
  private final String text;
  private final Map<String, String> variables = new HashMap<>();
  private final List<List<String>> commands = new ArrayList<>();
  private List<String> words = new ArrayList<>();
  private StringBuilder word; // null between words
  private int position;

  private ShellWords(String text) {
    this.text = text.replace("\\\n", " ");
  }

  /** Returns the words of each command, without the variables that it sets. */
  static List<List<String>> commandsOf(String text) {
    ShellWords shell = new ShellWords(text);
    shell.parse();
    return shell.commands;
  }

  private void parse() {
    while (position < text.length()) {
      char c = text.charAt(position++);
      if (c == '\'' || c == '"') {
        append(quoted(c));
      } else if (c == '#' && word == null) {
        position = lineEnd();
      } else if (c == '$' && !variableName().isEmpty()) {
        expand();
      } else if (c == '\n' || c == ';' || c == '&' || c == '|') {
        endCommand();
      } else if (c == ' ') {
        endWord();
      } else {
        append(String.valueOf(c));
      }
    }
    endCommand();
  }

  private int lineEnd() {
    int end = text.indexOf('\n', position);
    return end < 0 ? text.length() : end;
  }

  private String quoted(char quote) {
    int end = text.indexOf(quote, position);
    if (end < 0) {
      throw new IllegalArgumentException("a quote isn't closed: " + text);
    }
    String inner = text.substring(position, end);
    position = end + 1;
    return inner;
  }

  private String variableName() {
    int end = position;
    while (end < text.length() && isNamePart(text.charAt(end))) {
      end++;
    }
    return text.substring(position, end);
  }

  private static boolean isNamePart(char c) {
    return Character.isLetterOrDigit(c) || c == '_';
  }

  /** An unquoted variable splits into words. */
  private void expand() {
    String name = variableName();
    position += name.length();
    String value = variables.getOrDefault(name, "$" + name);
    String[] parts = value.split(" ", -1);
    for (int i = 0; i < parts.length; i++) {
      if (i > 0) {
        endWord();
      }
      append(parts[i]);
    }
  }

  private void append(String more) {
    if (word == null) {
      word = new StringBuilder();
    }
    word.append(more);
  }

  private void endWord() {
    if (word != null) {
      String ended = word.toString();
      word = null;
      int equals = ended.indexOf('=');
      if (words.isEmpty()
          && equals > 0
          && ended.substring(0, equals).chars().allMatch(c -> isNamePart((char) c))) {
        variables.put(ended.substring(0, equals), ended.substring(equals + 1));
      } else {
        words.add(ended);
      }
    }
  }

  private void endCommand() {
    endWord();
    if (!words.isEmpty()) {
      commands.add(words);
      words = new ArrayList<>();
    }
  }
}
