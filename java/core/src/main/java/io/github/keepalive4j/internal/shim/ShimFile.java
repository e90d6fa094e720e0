package io.github.keepalive4j.internal.shim;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Finds the shim's file and opens it. A file or a folder that doesn't do is left out for the next
 * one: the folders of {@value #FOLDERS} and of {@code java.library.path}, then the jar's file,
 * unpacked into {@value #UNPACK_FOLDER}, then where JNA unpacks it.
 */
final class ShimFile {
  private static final String FOLDERS = "keepalive4j.library.path";
  private static final String UNPACK_FOLDER = "keepalive4j.tmpdir";
  private static final String JNA_FOLDER = "jna.tmpdir";
  private static final String NAME = "keepalive4j";

  private static final String ADVICE =
      String.format(
          ". Give the JVM -D%s=FOLDER with a folder that is writable, not full and not mounted"
              + " noexec, or -D%s=FOLDER with the one that holds the shim for %s",
          UNPACK_FOLDER, FOLDERS, Platform.RESOURCE_PREFIX);

  private final String fileName = System.mapLibraryName(NAME);
  private final List<String> failures = new ArrayList<>();

  /**
   * Opens the first file that loads.
   *
   * @throws UnsatisfiedLinkError if none does; it says what was tried, how each failed, and what to
   *     do
   */
  static NativeLibrary open() {
    startJna();
    String file = System.getProperty(ShimLibrary.PATH_PROPERTY);
    return file == null ? new ShimFile().search() : openNamed(file);
  }

  /** JNA unpacks a library of its own when it is first used, and never tries a second time. */
  private static void startJna() {
    String folder = System.getProperty(UNPACK_FOLDER);
    boolean isLent = folder != null && System.getProperty(JNA_FOLDER) == null;
    if (isLent) {
      System.setProperty(JNA_FOLDER, folder);
    }
    try {
      Class.forName(Native.class.getName(), true, ShimFile.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new NoClassDefFoundError(e.getMessage());
    } catch (UnsatisfiedLinkError e) {
      String chosen = System.getProperty(JNA_FOLDER);
      String where = chosen == null ? "its folder" : chosen + " (" + JNA_FOLDER + ")";
      throw error("unpacking JNA's own library into " + where + ": " + reason(e), e);
    } finally {
      if (isLent) {
        System.clearProperty(JNA_FOLDER);
      }
    }
  }

  private static NativeLibrary openNamed(String file) {
    try {
      return load(file);
    } catch (UnsatisfiedLinkError e) {
      String tried = "the file " + file + " (" + ShimLibrary.PATH_PROPERTY + "): ";
      throw new UnsatisfiedLinkError("tried " + tried + reason(Path.of(file), e));
    }
  }

  private NativeLibrary search() {
    NativeLibrary found = inFolders(FOLDERS);
    if (found == null) {
      found = inFolders("java.library.path");
    }
    if (found == null && System.getProperty(UNPACK_FOLDER) != null) {
      found = unpackedInto(Path.of(System.getProperty(UNPACK_FOLDER)));
    }
    return found == null ? unpackedByJna() : found;
  }

  private NativeLibrary inFolders(String property) {
    for (String folder : System.getProperty(property, "").split(File.pathSeparator, -1)) {
      Path file = Path.of(folder, fileName);
      if (folder.isEmpty() || !Files.exists(file)) {
        continue;
      }
      try {
        return load(file.toAbsolutePath().toString());
      } catch (UnsatisfiedLinkError e) {
        failures.add(file + " (" + property + "): " + reason(file, e));
      }
    }
    if (property.equals(FOLDERS) && System.getProperty(property) != null && failures.isEmpty()) {
      failures.add(System.getProperty(property) + " (" + property + "): has no " + fileName);
    }
    return null;
  }

  private NativeLibrary unpackedInto(Path folder) {
    try {
      Path file = Files.createTempFile(Files.createDirectories(folder), NAME, ".so");
      try {
        unpack(file);
        return load(file.toAbsolutePath().toString());
      } finally {
        Files.delete(file);
      }
    } catch (IOException | UnsatisfiedLinkError e) {
      failures.add("unpacking into " + folder + " (" + UNPACK_FOLDER + "): " + reason(e));
      return null;
    }
  }

  private void unpack(Path file) throws IOException {
    String resource = Platform.RESOURCE_PREFIX + "/" + fileName;
    try (InputStream library = ShimFile.class.getResourceAsStream("/" + resource)) {
      if (library == null) {
        throw new FileNotFoundException("the jar has no " + resource);
      }
      Files.copy(library, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private NativeLibrary unpackedByJna() {
    try {
      return load(NAME);
    } catch (UnsatisfiedLinkError e) {
      String resource = Platform.RESOURCE_PREFIX + "/" + fileName;
      failures.add("the resource " + resource + ", unpacked by JNA: " + reason(e));
      throw error(String.join("; ", failures), e);
    }
  }

  private static NativeLibrary load(String nameOrPath) {
    return NativeLibrary.getInstance(
        nameOrPath, Map.of(Library.OPTION_CLASSLOADER, ShimFile.class.getClassLoader()));
  }

  private static UnsatisfiedLinkError error(String tried, Throwable cause) {
    String message = "tried " + tried + ADVICE;
    return (UnsatisfiedLinkError) new UnsatisfiedLinkError(message).initCause(cause);
  }

  /** The loader says of a file for another machine that there is none. */
  private static String reason(Path file, UnsatisfiedLinkError error) {
    return ElfMachine.isForeign(file)
        ? "it is for " + ElfMachine.of(file) + ", not for " + Platform.RESOURCE_PREFIX
        : reason(error);
  }

  private static String reason(Throwable error) {
    String text = error instanceof UnsatisfiedLinkError ? error.getMessage() : error.toString();
    return text.contains("failed to map segment") ? text + " (the folder is mounted noexec)" : text;
  }
}
