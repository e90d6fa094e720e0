package io.github.keepalive4j.soak.program;

import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where the shipped command is. */
public final class JarOption {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--keepalive",
      paramLabel = "JAR",
      defaultValue = "java/cli/target/keepalive.jar",
      description = "The command (default: ${DEFAULT-VALUE}).")
  private Path jar;

  public Path path() {
    return jar;
  }

  public void requireReadable() {
    if (!Files.isReadable(jar)) {
      throw new ParameterException(spec.commandLine(), "--keepalive " + jar + " can't be read");
    }
  }
}
