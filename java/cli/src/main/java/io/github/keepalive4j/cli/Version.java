package io.github.keepalive4j.cli;

import picocli.CommandLine.IVersionProvider;

/** The version in the runnable jar's manifest. */
public final class Version implements IVersionProvider {
  public static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }

  @Override
  public String[] getVersion() {
    return new String[] {"keepalive " + text()};
  }
}
