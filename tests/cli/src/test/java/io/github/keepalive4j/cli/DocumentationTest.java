package io.github.keepalive4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Every page in Markdown: its links, its length, and the command lines that it shows. */
class DocumentationTest {
  private static final Path ROOT =
      Path.of(System.getProperty("basedir", "."), "../..").toAbsolutePath().normalize();
  private static final int MAIN_README_LINES = 120;
  private static final int README_LINES = 150;
  private static final Set<String> SHELL = Set.of("sh", "bash", "console");
  private static final Pattern SCRIPT =
      Pattern.compile("(\\./)?(tests|native|java|\\.ci)/[\\w./-]+");
  private static final Pattern PROPERTY = Pattern.compile("-D(keepalive4j\\.[\\w.]+)");
  private static final Pattern MIXIN = Pattern.compile("@Mixin private (\\w+)");
  private static final Pattern TEST_NAMES = Pattern.compile("-Dtest='?([^\\s'`]+)");
  private static final Pattern MODULES = Pattern.compile("-pl ([\\w/,-]+)");
  private static final Pattern OTHER_COMMAND =
      Pattern.compile(
          "(?:ExecStart=| +(?:source|backup): +| *\\$ +)?((keepalive|java|mvn|\\S*/java|tests/run)\\s.*)");
  private static final Pattern VERSION = Pattern.compile("<revision>([^<]+)</revision>");
  private static final Pattern DEPENDENCY =
      Pattern.compile(
          "<artifactId>(keepalive4j[\\w-]*)</artifactId>\\s*<version>([^<]+)</version>");

  private static List<MarkdownPage> pages;
  private static List<Path> sources;

  @BeforeAll
  static void readAll() throws IOException {
    pages = new ArrayList<>();
    for (Path path : files(".md")) {
      pages.add(MarkdownPage.read(path));
    }
    sources = files(".java");
    assertFalse(pages.isEmpty(), "there is no page below " + ROOT);
  }

  private static List<Path> files(String suffix) throws IOException {
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(
        ROOT,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            String name = directory.getFileName().toString();
            return Set.of("target", "build", ".git").contains(name)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(suffix)) {
              found.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return found;
  }

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    for (MarkdownPage page : pages) {
      for (String link : page.links()) {
        if (!link.contains("://") && !leadsSomewhere(page, link)) {
          broken.add(page + ": " + link);
        }
      }
    }
    assertEquals(List.of(), broken);
  }

  private static boolean leadsSomewhere(MarkdownPage page, String link) throws IOException {
    int hash = link.indexOf('#');
    String file = hash < 0 ? link : link.substring(0, hash);
    Path target = file.isEmpty() ? page.path() : page.path().resolveSibling(file).normalize();
    if (!Files.exists(target)) {
      return false;
    }
    return hash < 0 || MarkdownPage.read(target).anchors().contains(link.substring(hash + 1));
  }

  @Test
  void everyReadmeIsShort() {
    List<String> tooLong = new ArrayList<>();
    for (MarkdownPage page : pages) {
      if (page.path().endsWith("README.md")) {
        boolean main = page.path().equals(ROOT.resolve("README.md"));
        int most = main ? MAIN_README_LINES : README_LINES;
        if (page.length() > most) {
          tooLong.add(page + ": " + page.length() + " lines, not at most " + most);
        }
      }
    }
    assertEquals(List.of(), tooLong);
  }

  @Test
  void everyModuleHasAReadme() throws IOException {
    List<Path> missing = new ArrayList<>();
    for (Path pom : files("pom.xml")) {
      Path module = pom.getParent();
      if (module.startsWith(ROOT.resolve("java")) && !Files.exists(module.resolve("README.md"))) {
        missing.add(module);
      }
    }
    assertEquals(List.of(), missing);
  }

  @Test
  void theCommandAcceptsEveryCommandLine() {
    List<String> refused = new ArrayList<>();
    int shown = 0;
    for (MarkdownPage page : pages) {
      for (List<String> words : commands(page)) {
        int first = firstArgument(words, "keepalive", "keepalive.jar");
        if (first > 0) {
          shown++;
          List<String> arguments = words.subList(first, words.size());
          try {
            new CommandLine(new KeepaliveCommand()).parseArgs(arguments.toArray(String[]::new));
          } catch (ParameterException e) {
            refused.add(page + ": " + String.join(" ", words) + ": " + e.getMessage());
          }
        }
      }
    }
    assertEquals(List.of(), refused);
    assertTrue(shown > 0, "no page shows the command");
  }

  /** An option in running text, as {@code --fence CMD} or {@code watch --fence CMD}. */
  @Test
  void theCommandHasEveryOptionThatIsMentioned() {
    Set<String> subcommands = new CommandLine(new KeepaliveCommand()).getSubcommands().keySet();
    List<String> unknown = new ArrayList<>();
    for (MarkdownPage page : pages) {
      if (page.path().startsWith(ROOT.resolve("java"))) {
        for (String code : page.inlineCode()) {
          List<String> words = List.of(code.split("[ =]+"));
          boolean bare = words.get(0).startsWith("--");
          if (bare || subcommands.contains(words.get(0))) {
            words.stream()
                .filter(word -> word.startsWith("--") && !isOption(bare ? "" : words.get(0), word))
                .forEach(word -> unknown.add(page + ": " + code + ": " + word));
          }
        }
      }
    }
    assertEquals(List.of(), unknown);
  }

  private static boolean isOption(String subcommand, String option) {
    return option.equals("--enable-native-access") // the JVM's
        || new CommandLine(new KeepaliveCommand())
            .getSubcommands().entrySet().stream()
                .filter(one -> subcommand.isEmpty() || one.getKey().equals(subcommand))
                .anyMatch(one -> one.getValue().getCommandSpec().findOption(option) != null);
  }

  /** The jars of the benchmarks and of the soak are built later, so their options are looked up. */
  @Test
  void theOtherJarsHaveEveryOptionThatIsShown() throws IOException {
    List<String> unknown = new ArrayList<>();
    for (MarkdownPage page : pages) {
      for (List<String> words : commands(page)) {
        int first =
            Math.max(
                firstArgument(words, "benchmarks.jar", "benchmarks.jar"),
                firstArgument(words, "soak.jar", "soak.jar"));
        if (first > 0
            && first < words.size()
            && !words.get(first).equals("--help") // has tests of its own
            && !hasOptions(words.get(first), words.subList(first + 1, words.size()))) {
          unknown.add(page + ": " + String.join(" ", words));
        }
      }
    }
    assertEquals(List.of(), unknown);
  }

  private static boolean hasOptions(String command, List<String> arguments) throws IOException {
    for (Path source : sources) {
      String text = Files.readString(source);
      if (text.contains("name = \"" + command + "\"")) {
        String all = text + mixedIn(text);
        return arguments.stream()
            .filter(argument -> argument.startsWith("--"))
            .allMatch(option -> all.contains("names = \"" + option + "\""));
      }
    }
    return false;
  }

  /** Returns the sources of the options that a command shares with others. */
  private static String mixedIn(String command) throws IOException {
    StringBuilder all = new StringBuilder();
    Matcher mixin = MIXIN.matcher(command);
    while (mixin.find()) {
      String file = mixin.group(1) + ".java";
      for (Path source : sources) {
        if (source.getFileName().toString().equals(file)) {
          all.append(Files.readString(source));
        }
      }
    }
    return all.toString();
  }

  /** A block of Java is quoted from a source that is compiled; its indentation may differ. */
  @Test
  void everyJavaBlockIsQuotedFromASource() throws IOException {
    List<String> compiled = new ArrayList<>();
    for (Path source : sources) {
      compiled.add(withoutIndentation(Files.readString(source)));
    }
    List<String> invented = new ArrayList<>();
    for (MarkdownPage page : pages) {
      for (MarkdownPage.CodeBlock block : page.blocks()) {
        String text = withoutIndentation(block.text());
        if (block.language().equals("java")
            && compiled.stream().noneMatch(source -> source.contains(text))) {
          invented.add(page + ": " + text);
        }
      }
    }
    assertEquals(List.of(), invented);
  }

  private static String withoutIndentation(String text) {
    return text.lines().map(String::strip).collect(Collectors.joining("\n", "\n", "\n"));
  }

  @Test
  void everyTestThatIsNamedExists() {
    Set<String> classes = new HashSet<>();
    sources.forEach(source -> classes.add(source.getFileName().toString().replace(".java", "")));
    List<String> missing = new ArrayList<>();
    for (MarkdownPage page : pages) {
      matches(page, TEST_NAMES)
          .flatMap(names -> Stream.of(names.split(",")))
          .map(name -> name.replaceFirst("#.*", "").replaceFirst(".*\\.", ""))
          .filter(name -> !name.contains("*") && !classes.contains(name))
          .forEach(name -> missing.add(page + ": " + name));
    }
    assertEquals(List.of(), missing);
  }

  @Test
  void everyModuleThatIsNamedExists() {
    List<String> missing = new ArrayList<>();
    for (MarkdownPage page : pages) {
      matches(page, MODULES)
          .flatMap(names -> Stream.of(names.split(",")))
          .filter(name -> !Files.exists(ROOT.resolve(name).resolve("pom.xml")))
          .forEach(name -> missing.add(page + ": " + name));
    }
    assertEquals(List.of(), missing);
  }

  @Test
  void everyScriptThatIsShownExists() {
    List<String> missing = new ArrayList<>();
    for (MarkdownPage page : pages) {
      commands(page).stream()
          .map(words -> words.get(0))
          .filter(word -> SCRIPT.matcher(word).matches())
          .filter(word -> !Files.exists(ROOT.resolve(word)))
          .forEach(word -> missing.add(page + ": " + word));
    }
    assertEquals(List.of(), missing);
  }

  /** A name may be read in two parts, a prefix and the rest, as the tests of fast links do. */
  @Test
  void everySystemPropertyIsRead() throws IOException {
    StringBuilder all = new StringBuilder();
    for (Path source : sources) {
      all.append(Files.readString(source));
    }
    List<String> unread = new ArrayList<>();
    for (MarkdownPage page : pages) {
      matches(page, PROPERTY)
          .filter(name -> !isRead(name, all))
          .forEach(name -> unread.add(page + ": " + name));
    }
    assertEquals(List.of(), unread);
  }

  private static boolean isRead(String name, CharSequence sources) {
    String text = sources.toString();
    for (int dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1)) {
      String prefix = name.substring(0, dot + 1);
      String rest = name.substring(dot + 1);
      if (text.contains("\"" + prefix + "\"") && text.contains("\"" + rest + "\"")) {
        return true;
      }
    }
    return text.contains("\"" + name + "\"");
  }

  @Test
  void everyDependencyHasTheProjectsVersion() throws IOException {
    List<String> wrong = new ArrayList<>();
    String version = projectVersion(Files.readString(ROOT.resolve("pom.xml")));
    for (MarkdownPage page : pages) {
      for (MarkdownPage.CodeBlock block : page.blocks()) {
        DEPENDENCY
            .matcher(block.text())
            .results()
            .filter(found -> !found.group(2).equals(version))
            .forEach(found -> wrong.add(page + ": " + found.group(1) + " " + found.group(2)));
      }
    }
    assertEquals(List.of(), wrong);
  }

  private static String projectVersion(String pom) {
    return VERSION.matcher(pom).results().findFirst().orElseThrow().group(1);
  }

  private static Stream<String> matches(MarkdownPage page, Pattern pattern) {
    return Stream.concat(
            page.blocks().stream().map(MarkdownPage.CodeBlock::text), page.inlineCode().stream())
        .flatMap(text -> pattern.matcher(text).results())
        .map(found -> found.group(1));
  }

  /** The command lines of shell blocks, units of systemd, output of the demo, and running text. */
  private static List<List<String>> commands(MarkdownPage page) {
    List<List<String>> commands = new ArrayList<>();
    for (MarkdownPage.CodeBlock block : page.blocks()) {
      if (SHELL.contains(block.language())) {
        commands.addAll(ShellWords.commandsOf(block.text()));
      } else {
        block
            .text()
            .lines()
            .map(OTHER_COMMAND::matcher)
            .filter(Matcher::matches)
            .forEach(line -> commands.addAll(ShellWords.commandsOf(line.group(1))));
      }
    }
    page.inlineCode().stream()
        .filter(code -> code.matches("(keepalive|java|mvn|tests/run|tests/native)\\b.*"))
        .filter(code -> code.contains(" "))
        .forEach(code -> commands.addAll(ShellWords.commandsOf(code)));
    return commands;
  }

  /** Returns where a program's arguments begin, or -1 if the command runs another one. */
  private static int firstArgument(List<String> words, String program, String jar) {
    if (words.get(0).equals(program)) {
      return 1;
    }
    for (int i = 1; i < words.size(); i++) {
      if (words.get(i - 1).equals("-jar") && words.get(i).matches("(.*/)?" + Pattern.quote(jar))) {
        return i + 1;
      }
    }
    return -1;
  }
}
