package io.github.keepalive4j.cli;

import io.github.keepalive4j.internal.shim.ShimLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Optional;
import java.util.jar.Manifest;
import picocli.CommandLine.IVersionProvider;

/** The version in the runnable jar's manifest, and what it runs on. */
public final class Version implements IVersionProvider {
  private static final String MANIFEST = "META-INF/MANIFEST.MF";

  /** What a build outside a Git repository, as from a source archive, leaves in the manifest. */
  private static final String UNRESOLVED = "${";

  public static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }

  /** Returns the commit that the jar was built from, or empty if nobody knew it. */
  private static Optional<String> commit() {
    URL manifest = Version.class.getClassLoader().getResource(MANIFEST);
    if (manifest == null) {
      return Optional.empty();
    }
    try (InputStream in = manifest.openStream()) {
      String commit = new Manifest(in).getMainAttributes().getValue("Implementation-Commit");
      return Optional.ofNullable(commit).filter(text -> !text.startsWith(UNRESOLVED));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "keepalive " + text(),
      "commit: " + commit().orElse("unknown"),
      "shim's ABI: " + ShimLibrary.ABI_VERSION,
      "Java: " + Runtime.version(),
      "kernel: "
          + System.getProperty("os.name")
          + " "
          + System.getProperty("os.version")
          + " on "
          + System.getProperty("os.arch")
    };
  }
}
