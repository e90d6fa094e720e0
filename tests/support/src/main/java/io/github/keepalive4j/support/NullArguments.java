package io.github.keepalive4j.support;

import java.io.IOException;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Proxy;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Calls each public or protected method and constructor of a package with null in the place of one
 * argument after the other, and with arrays and collections that contain null. The others are
 * samples.
 *
 * <p>Each call must throw a {@link NullPointerException} with the parameter's name, for elements
 * followed by "contains null". A parameter that is {@code @Nullable} must take null. Default
 * methods are left out, because they are there to be overridden.
 */
public final class NullArguments {
  private final Map<Class<?>, Callable<?>> samples = new HashMap<>();
  private final Set<Class<?>> exempt = new HashSet<>();

  /** Adds a sample of a type: an instance to call methods on, and an argument. */
  public <T> NullArguments with(Class<T> type, Callable<? extends T> sample) {
    samples.put(type, sample);
    return this;
  }

  /** Leaves out a type whose methods only a framework calls. */
  public NullArguments except(Class<?> type) {
    exempt.add(type);
    return this;
  }

  /**
   * Calls them all.
   *
   * @param anchor any class of the package
   * @return the calls that didn't end as they must, and those for which there is no sample
   */
  public List<String> violationsBeside(Class<?> anchor) throws Exception {
    List<String> violations = new ArrayList<>();
    for (Class<?> type : visibleTypes(anchor)) {
      for (Executable executable : executables(type)) {
        check(executable, violations);
      }
    }
    return violations;
  }

  private List<Class<?>> visibleTypes(Class<?> anchor) throws Exception {
    List<Class<?>> types = new ArrayList<>();
    for (String name : classNames(anchor)) {
      Class<?> type = Class.forName(name, false, anchor.getClassLoader());
      if (isVisible(type) && !type.isSynthetic() && !exempt.contains(type)) {
        types.add(type);
      }
    }
    return types;
  }

  /** Returns the names of the classes of a package, which lie in a directory or in a jar. */
  private static Set<String> classNames(Class<?> anchor) throws Exception {
    Path origin = Path.of(anchor.getProtectionDomain().getCodeSource().getLocation().toURI());
    String folder = anchor.getPackageName().replace('.', '/');
    List<String> files = Files.isDirectory(origin) ? filesIn(origin, folder) : entriesOf(origin);
    return files.stream()
        .filter(file -> file.matches(folder + "/[^/-]+\\.class"))
        .map(file -> file.substring(0, file.length() - ".class".length()).replace('/', '.'))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<String> filesIn(Path root, String folder) throws IOException {
    try (Stream<Path> files = Files.list(root.resolve(folder))) {
      return files.map(file -> root.relativize(file).toString()).toList();
    }
  }

  private static List<String> entriesOf(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.stream().map(JarEntry::getName).toList();
    }
  }

  private static boolean isVisible(Class<?> type) {
    Class<?> owner = type.getEnclosingClass();
    return isVisible(type.getModifiers()) && (owner == null || isVisible(owner));
  }

  private static boolean isVisible(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }

  private static List<Executable> executables(Class<?> type) {
    return Stream.<Executable>concat(
            Arrays.stream(type.getDeclaredConstructors()), Arrays.stream(type.getDeclaredMethods()))
        .filter(one -> isVisible(one.getModifiers()) && !one.isSynthetic())
        .filter(one -> !Modifier.isAbstract(one.getModifiers()) && !isImplicit(one))
        .filter(one -> one instanceof Constructor<?> || !((Method) one).isDefault())
        .toList();
  }

  /** Tells whether the compiler wrote the method: an enum's, or a record's own. */
  private static boolean isImplicit(Executable one) {
    Class<?> type = one.getDeclaringClass();
    return (type.isEnum() && one.getName().equals("valueOf"))
        || (type.isRecord() && one.getName().equals("equals"));
  }

  private void check(Executable executable, List<String> violations) throws Exception {
    Parameter[] parameters = executable.getParameters();
    for (int i = 0; i < parameters.length; i++) {
      if (parameters[i].getType().isPrimitive()) {
        continue;
      }
      String name = parameters[i].getName();
      boolean nullable = isNullable(parameters[i].getAnnotatedType());
      check(executable, i, null, nullable ? null : name, violations);
      Optional<Object> holed = nullable ? Optional.empty() : containingNull(parameters[i]);
      if (holed.isPresent()) {
        check(executable, i, holed.get(), name + " contains null", violations);
      }
    }
  }

  private static boolean isNullable(AnnotatedType type) {
    return type.isAnnotationPresent(Nullable.class);
  }

  /** Makes one call. The expected message is null where no exception is expected. */
  private void check(
      Executable executable, int at, Object argument, String expected, List<String> violations)
      throws Exception {
    String call =
        executable.getDeclaringClass().getName()
            + "."
            + executable.getName()
            + Arrays.toString(executable.getParameterTypes())
            + " with "
            + executable.getParameters()[at].getName()
            + " "
            + (argument instanceof Object[] array ? Arrays.toString(array) : argument);
    String found;
    try {
      Object[] arguments = arguments(executable, at, argument);
      Object thrown = thrownBy(executable, arguments);
      found = thrown instanceof NullPointerException e ? e.getMessage() : String.valueOf(thrown);
      if (thrown == null || (expected == null && !(thrown instanceof NullPointerException))) {
        found = null;
      }
    } catch (NoSample e) {
      found = e.getMessage();
    }
    if (found == null ? expected != null : !found.equals(expected)) {
      violations.add(call + " gives " + found + ", not " + expected);
    }
  }

  private Object[] arguments(Executable executable, int at, Object argument) throws Exception {
    Parameter[] parameters = executable.getParameters();
    Object[] arguments = new Object[parameters.length];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = i == at ? argument : sample(parameters[i].getParameterizedType());
    }
    return arguments;
  }

  private Throwable thrownBy(Executable executable, Object[] arguments) throws Exception {
    executable.setAccessible(true);
    try {
      if (executable instanceof Constructor<?> constructor) {
        constructor.newInstance(arguments);
      } else {
        boolean isStatic = Modifier.isStatic(executable.getModifiers());
        Object target = isStatic ? null : sample(executable.getDeclaringClass());
        ((Method) executable).invoke(target, arguments);
      }
      return null;
    } catch (InvocationTargetException e) {
      return e.getCause();
    }
  }

  private Optional<Object> containingNull(Parameter parameter) throws Exception {
    Class<?> type = parameter.getType();
    if (type.isArray() && !type.getComponentType().isPrimitive()) {
      Object[] array = (Object[]) Array.newInstance(type.getComponentType(), 2);
      array[0] = sample(type.getComponentType());
      return Optional.of(array);
    }
    if (type == Iterable.class || Collection.class.isAssignableFrom(type)) {
      Collection<Object> elements = type == Set.class ? new HashSet<>() : new ArrayList<>();
      elements.add(sample(elementType(parameter.getParameterizedType())));
      elements.add(null);
      return Optional.of(elements);
    }
    return Optional.empty();
  }

  private static Type elementType(Type collection) {
    Type element = ((ParameterizedType) collection).getActualTypeArguments()[0];
    return element instanceof WildcardType wildcard ? wildcard.getUpperBounds()[0] : element;
  }

  private Object sample(Type type) throws Exception {
    Class<?> raw = (Class<?>) (type instanceof ParameterizedType of ? of.getRawType() : type);
    if (samples.containsKey(raw)) {
      return samples.get(raw).call();
    } else if (raw.isPrimitive()) {
      return primitive(raw);
    } else if (raw.isEnum()) {
      return raw.getEnumConstants()[0];
    } else if (raw.isArray()) {
      Object array = Array.newInstance(raw.getComponentType(), 1);
      Array.set(array, 0, sample(raw.getComponentType()));
      return array;
    } else if (raw == Iterable.class || raw == Collection.class || raw == List.class) {
      return List.of(sample(elementType(type)));
    } else if (raw == Set.class) {
      return Set.of(sample(elementType(type)));
    }
    return simple(raw);
  }

  private static Object simple(Class<?> type) throws NoSample {
    if (type == String.class || type == Object.class) {
      return "sample";
    } else if (type == Duration.class) {
      return Duration.ofSeconds(1);
    } else if (type == Map.class) {
      return Map.of();
    } else if (type == Optional.class) {
      return Optional.empty();
    } else if (type == Throwable.class) {
      return new Exception("sample");
    } else if (type == Class.class) {
      return Object.class;
    } else if (type.isInterface()) {
      return Proxy.newProxyInstance(
          type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> null);
    }
    throw new NoSample(type);
  }

  private static Object primitive(Class<?> type) {
    Object one = Array.get(Array.newInstance(type, 1), 0);
    if (one instanceof Boolean) {
      return true;
    } else if (one instanceof Long) {
      return 1L;
    } else if (one instanceof Double) {
      return 1.0;
    }
    return one instanceof Integer ? 1 : one;
  }

  /** A new method takes a type that the test doesn't know. */
  private static final class NoSample extends Exception {
    private static final long serialVersionUID = 1L;

    NoSample(Class<?> type) {
      super("no sample of " + type.getName() + ": add one with with(…)");
    }
  }
}
