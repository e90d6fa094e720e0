package io.github.keepalive4j.cli.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.AnnotatedElement;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The public surface of each library's jar, and the record of it in the tree. */
class ApiTest {
  private static final Path ROOT =
      Path.of(System.getProperty("basedir", "."), "../..").toAbsolutePath().normalize();
  private static final String UPDATE = "keepalive4j.api.update";
  private static final String HOW_TO_UPDATE =
      "mvn -B -pl tests/cli -am verify -Dtest=ApiTest -D" + UPDATE + "=true";
  private static final String OWN = "io.github.keepalive4j";
  private static final Pattern QUALIFIED = Pattern.compile("\\b([a-z]\\w*(?:\\.\\w+)+[\\w$]*)");

  /** Modules that another one exports packages to which are nobody else's. */
  private static final Set<String> FRIENDS =
      Set.of(OWN + ".sockets", OWN + ".testkit", OWN + ".zookeeper");

  /** Other libraries than the JDK's whose types a signature may name. */
  private static final Map<String, Set<String>> LIBRARIES =
      Map.of(
          "zookeeper", Set.of("org.apache.curator."),
          "micrometer", Set.of("io.micrometer."),
          "testkit", Set.of("org.junit."));

  @ParameterizedTest
  @ValueSource(strings = {"core", "zookeeper", "qemu", "micrometer", "sockets", "testkit"})
  void theSurfaceIsTheOneOnRecord(String module) throws Exception {
    Path file = ROOT.resolve("java").resolve(module).resolve("api.txt");
    String now = ApiListing.of(exported(module));
    if (Boolean.getBoolean(UPDATE)) {
      Files.writeString(file, now);
    }
    String recorded = Files.exists(file) ? Files.readString(file) : "";
    if (!recorded.equals(now)) {
      fail(
          "the public surface isn't the one of java/"
              + module
              + "/api.txt. If it is meant to change, run\n  "
              + HOW_TO_UPDATE
              + "\n"
              + difference(recorded, now));
    }
  }

  private static String difference(String recorded, String now) {
    List<String> before = recorded.lines().toList();
    List<String> after = now.lines().toList();
    return Stream.concat(
            before.stream().filter(line -> !after.contains(line)).map(line -> "- " + line),
            after.stream().filter(line -> !before.contains(line)).map(line -> "+ " + line))
        .collect(Collectors.joining("\n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"core", "zookeeper", "qemu", "micrometer", "sockets", "testkit"})
  void signaturesNameOnlyTypesThatAUserSees(String module) throws Exception {
    Set<String> hidden = new TreeSet<>();
    for (Class<?> type : exported(module)) {
      for (String name : names(type)) {
        if (name.startsWith(OWN) && !isVisible(type.getClassLoader(), name)) {
          hidden.add(type.getName() + ": " + name);
        }
      }
    }
    assertEquals(Set.of(), hidden);
  }

  @ParameterizedTest
  @ValueSource(strings = {"core", "zookeeper", "qemu", "micrometer", "sockets", "testkit"})
  void signaturesNameNoTypesOfALibraryInside(String module) throws Exception {
    Set<String> foreign = new TreeSet<>();
    for (Class<?> type : exported(module)) {
      for (String name : names(type)) {
        if (!name.startsWith(OWN)
            && !name.startsWith("java.")
            && !name.startsWith("javax.net.") // java.base
            && LIBRARIES.getOrDefault(module, Set.of()).stream().noneMatch(name::startsWith)) {
          foreign.add(type.getName() + ": " + name);
        }
      }
    }
    assertEquals(Set.of(), foreign);
  }

  @ParameterizedTest
  @ValueSource(strings = {"core", "qemu", "micrometer", "sockets", "testkit"})
  void theModuleExportsToAllOrToOtherModulesOfThisProject(String module) throws Exception {
    Set<String> qualified =
        descriptor(module).exports().stream()
            .filter(ModuleDescriptor.Exports::isQualified)
            .filter(export -> !FRIENDS.containsAll(export.targets()))
            .map(ModuleDescriptor.Exports::toString)
            .collect(Collectors.toSet());
    assertEquals(Set.of(), qualified);
  }

  /** Kotlin and the checkers for Java then know of each type whether it may be null. */
  @ParameterizedTest
  @ValueSource(strings = {"core", "zookeeper", "qemu", "micrometer", "sockets", "testkit"})
  void everyPackageSaysThatNothingIsNullUnlessAnnotated(String module) throws Exception {
    Set<String> unmarked = new TreeSet<>();
    for (Class<?> type : exported(module)) {
      if (annotationsOf(type.getPackage())
          .noneMatch("org.jspecify.annotations.NullMarked"::equals)) {
        unmarked.add(type.getPackageName());
      }
    }
    assertEquals(Set.of(), unmarked);
  }

  @ParameterizedTest
  @ValueSource(strings = {"core", "qemu", "micrometer", "sockets", "testkit"})
  void aUserNeedsNoJarOfTheAnnotations(String module) throws Exception {
    ModuleDescriptor.Requires annotations =
        descriptor(module).requires().stream()
            .filter(required -> required.name().equals("org.jspecify"))
            .findFirst()
            .orElseThrow();
    assertEquals(Set.of(ModuleDescriptor.Requires.Modifier.STATIC), annotations.modifiers());
  }

  private static Stream<String> annotationsOf(AnnotatedElement element) {
    return Arrays.stream(element.getAnnotations())
        .map(annotation -> annotation.annotationType().getName());
  }

  private static Set<String> names(Class<?> type) {
    Set<String> names = new TreeSet<>();
    ApiListing.mentioned(type).stream()
        .flatMap(one -> QUALIFIED.matcher(one.getTypeName()).results())
        .forEach(found -> names.add(found.group(1)));
    return names;
  }

  private static boolean isVisible(ClassLoader loader, String name) throws Exception {
    Class<?> type = Class.forName(name, false, loader);
    return ApiListing.isVisible(type) && !type.getPackageName().contains(".internal");
  }

  /** Returns the types of a module's exported packages that other packages can name, sorted. */
  private static List<Class<?>> exported(String module) throws Exception {
    Path classes = classes(module);
    List<String> names;
    try (Stream<Path> files = Files.walk(classes)) {
      names =
          files
              .map(file -> classes.relativize(file).toString())
              .filter(name -> name.endsWith(".class") && name.contains("/"))
              .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
              .filter(name -> !name.endsWith(".package-info"))
              .sorted()
              .toList();
    }
    Set<String> packages = exportedPackages(module);
    ClassLoader loader = loader();
    List<Class<?>> types = new ArrayList<>();
    for (String name : names) {
      Class<?> type = Class.forName(name, false, loader);
      if ((packages.isEmpty() || packages.contains(type.getPackageName()))
          && ApiListing.isVisible(type)) {
        types.add(type);
      }
    }
    assertTrue(!types.isEmpty(), "nothing is exported below " + classes);
    return types;
  }

  /** Returns nothing for an automatic module, which exports all its packages. */
  private static Set<String> exportedPackages(String module) throws IOException {
    return Files.exists(classes(module).resolve("module-info.class"))
        ? descriptor(module).exports().stream()
            .filter(exports -> !exports.isQualified())
            .map(ModuleDescriptor.Exports::source)
            .collect(Collectors.toSet())
        : Set.of();
  }

  private static ModuleDescriptor descriptor(String module) throws IOException {
    try (InputStream file = Files.newInputStream(classes(module).resolve("module-info.class"))) {
      return ModuleDescriptor.read(file);
    }
  }

  private static Path classes(String module) {
    return ROOT.resolve("java").resolve(module).resolve("target/classes");
  }

  /** Loads what was just compiled, and the rest from the tests' class path. */
  private static ClassLoader loader() throws IOException {
    List<URL> urls = new ArrayList<>();
    for (String module : List.of("core", "zookeeper", "qemu", "micrometer", "sockets", "testkit")) {
      urls.add(classes(module).toUri().toURL());
    }
    for (String entry : System.getProperty("java.class.path").split(":", -1)) {
      urls.add(Path.of(entry).toUri().toURL());
    }
    return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }
}
