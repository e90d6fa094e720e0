package io.github.keepalive4j.cli.api;

import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The public and protected signatures of types, in an order and a form that no JDK changes. */
final class ApiListing {
  private static final String INDENT = "    ";
  private static final int MODIFIERS =
      Modifier.PUBLIC | Modifier.PROTECTED | Modifier.STATIC | Modifier.FINAL | Modifier.ABSTRACT;

  private ApiListing() {}

  static String of(List<Class<?>> types) {
    StringBuilder text = new StringBuilder();
    for (Class<?> type : types) {
      text.append(text.isEmpty() ? "" : "\n").append(declaration(type)).append('\n');
      for (String member : members(type)) {
        text.append(INDENT).append(member).append('\n');
      }
    }
    return text.toString();
  }

  /** Tells whether another package can name the type. */
  static boolean isVisible(Class<?> type) {
    Class<?> owner = type.getEnclosingClass();
    return isVisible(type.getModifiers())
        && !type.isSynthetic()
        && (owner == null || isVisible(owner));
  }

  private static boolean isVisible(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }

  /** Every type that a visible signature of the type names. */
  static List<Type> mentioned(Class<?> type) {
    List<Type> types = new ArrayList<>();
    types.add(type.getGenericSuperclass());
    Collections.addAll(types, type.getGenericInterfaces());
    fields(type).forEach(field -> types.add(field.getGenericType()));
    executables(type)
        .forEach(
            executable -> {
              Collections.addAll(types, executable.getGenericParameterTypes());
              Collections.addAll(types, executable.getGenericExceptionTypes());
              if (executable instanceof Method method) {
                types.add(method.getGenericReturnType());
              }
            });
    types.removeIf(one -> one == null);
    return types;
  }

  private static Stream<Field> fields(Class<?> type) {
    return Arrays.stream(type.getDeclaredFields())
        .filter(field -> isVisible(field.getModifiers()) && !field.isSynthetic());
  }

  private static Stream<Executable> executables(Class<?> type) {
    return Stream.<Executable>concat(
            Arrays.stream(type.getDeclaredConstructors()), Arrays.stream(type.getDeclaredMethods()))
        .filter(one -> isVisible(one.getModifiers()) && !one.isSynthetic());
  }

  private static String declaration(Class<?> type) {
    int modifiers = type.getModifiers() & MODIFIERS;
    String kind = "class ";
    if (type.isInterface()) {
      kind = "interface ";
      modifiers &= ~Modifier.ABSTRACT;
    } else if (type.isEnum()) {
      kind = "enum ";
      modifiers &= ~(Modifier.FINAL | Modifier.ABSTRACT);
    } else if (type.isRecord()) {
      kind = "record ";
    }
    boolean extending = type.getSuperclass() != null && type.getSuperclass() != Object.class;
    return modifiers(modifiers)
        + (type.isSealed() ? "sealed " : "")
        + kind
        + type.getName()
        + variables(type.getTypeParameters())
        + (extending ? " extends " + name(type.getGenericSuperclass()) : "")
        + names(type.isInterface() ? " extends " : " implements ", type.getGenericInterfaces());
  }

  private static SortedSet<String> members(Class<?> type) {
    SortedSet<String> members = new TreeSet<>();
    fields(type)
        .forEach(
            field ->
                members.add(
                    modifiers(field.getModifiers())
                        + name(field.getGenericType())
                        + " "
                        + field.getName()));
    executables(type).forEach(one -> members.add(signature(one)));
    return members;
  }

  private static String signature(Executable executable) {
    Class<?> type = executable.getDeclaringClass();
    int modifiers = executable.getModifiers();
    if (Modifier.isFinal(type.getModifiers())) {
      modifiers &= ~Modifier.FINAL; // nobody can override it anyway
    }
    boolean isDefault = executable instanceof Method method && method.isDefault();
    String what =
        executable instanceof Constructor
            ? type.getSimpleName()
            : name(((Method) executable).getGenericReturnType()) + " " + executable.getName();
    String typeVariables = variables(executable.getTypeParameters());
    return modifiers(modifiers)
        + (isDefault ? "default " : "")
        + (typeVariables.isEmpty() ? "" : typeVariables + " ")
        + what
        + "("
        + parameters(executable)
        + ")"
        + names(" throws ", executable.getGenericExceptionTypes());
  }

  private static String parameters(Executable executable) {
    String parameters = joined(executable.getGenericParameterTypes());
    return executable.isVarArgs()
        ? parameters.substring(0, parameters.length() - "[]".length()) + "..."
        : parameters;
  }

  private static String modifiers(int modifiers) {
    String text = Modifier.toString(modifiers & MODIFIERS);
    return text.isEmpty() ? "" : text + " ";
  }

  private static String variables(TypeVariable<?>[] variables) {
    return variables.length == 0
        ? ""
        : Arrays.stream(variables)
            .map(one -> one.getName() + bounds(one))
            .collect(Collectors.joining(", ", "<", ">"));
  }

  private static String bounds(TypeVariable<?> variable) {
    String bounds =
        Arrays.stream(variable.getBounds())
            .map(ApiListing::name)
            .collect(Collectors.joining(" & "));
    return bounds.equals("Object") ? "" : " extends " + bounds;
  }

  private static String names(String before, Type[] types) {
    return types.length == 0 ? "" : before + joined(types);
  }

  private static String joined(Type[] types) {
    return Arrays.stream(types).map(ApiListing::name).collect(Collectors.joining(", "));
  }

  private static String name(Type type) {
    return type.getTypeName().replaceAll("\\bjava\\.lang\\.(?=[A-Z])", "");
  }
}
