package io.github.keepalive4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A Markdown page of the project: its links, headings and code. */
final class MarkdownPage {
  private static final Pattern FENCE = Pattern.compile("^\\s*```\\s*(\\w*)\\s*$");
  private static final Pattern INLINE_CODE = Pattern.compile("`([^`]+)`");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("^#{1,6} +(.*?) *$", Pattern.MULTILINE);

  private final Path path;
  private final List<String> lines;
  private final StringBuilder prose = new StringBuilder();
  private final List<CodeBlock> blocks = new ArrayList<>();

  /** A fenced block: what it says after the fence, and its text. */
  record CodeBlock(String language, String text) {}

  private MarkdownPage(Path path, List<String> lines) {
    this.path = path;
    this.lines = lines;
    split();
  }

  static MarkdownPage read(Path path) throws IOException {
    return new MarkdownPage(path, Files.readAllLines(path));
  }

  private void split() {
    StringBuilder block = null;
    String language = "";
    for (String line : lines) {
      var fence = FENCE.matcher(line);
      if (!fence.matches()) {
        (block == null ? prose : block).append(line).append('\n');
      } else if (block == null) {
        block = new StringBuilder();
        language = fence.group(1);
      } else {
        blocks.add(new CodeBlock(language, block.toString()));
        block = null;
      }
    }
    if (block != null) {
      throw new IllegalArgumentException(path + ": a code block isn't closed");
    }
  }

  Path path() {
    return path;
  }

  int length() {
    return lines.size();
  }

  List<CodeBlock> blocks() {
    return blocks;
  }

  /** Returns the code in running text and tables; a line break in it is a space. */
  List<String> inlineCode() {
    return INLINE_CODE
        .matcher(prose)
        .results()
        .map(code -> code.group(1).replaceAll("\\s*\n\\s*", " ").replace("\\|", "|"))
        .toList();
  }

  List<String> links() {
    String text = INLINE_CODE.matcher(prose).replaceAll("code");
    return LINK.matcher(text).results().map(link -> link.group(1)).toList();
  }

  /** Returns the names by which GitHub links to the headings. */
  Set<String> anchors() {
    Set<String> anchors = new HashSet<>();
    for (MatchResult heading : HEADING.matcher(prose).results().toList()) {
      String anchor = anchorOf(heading.group(1));
      String unique = anchor;
      for (int number = 1; !anchors.add(unique); number++) {
        unique = anchor + "-" + number;
      }
    }
    return anchors;
  }

  private static String anchorOf(String heading) {
    return LINK.matcher(heading.replace("[", ""))
        .replaceAll("")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{N}_\\- ]", "")
        .replace(' ', '-');
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
