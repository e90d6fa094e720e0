package io.github.keepalive4j.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Stack;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** A file that has a command's other options. */
public final class ConfigOptions {
  @Option(
      names = ConfigFile.OPTION,
      paramLabel = "FILE",
      preprocessor = Expansion.class,
      description = {
        "Take further options from FILE, a line each: NAME = VALUE, or NAME alone for an option without one.",
        "NAME is an option's without its dashes; watch's HOST:PORT has the name source. VALUE is taken as it is,",
        "without quotes, to the line's end. Lines that begin with # are comments. An option that is given here",
        "and there, too, is bad usage, unless it may be repeated."
      })
  @SuppressWarnings("UnusedVariable") // its options have been put behind it
  private Path file;

  /** Puts a file's options behind its name, as if they had been given there. */
  static final class Expansion implements IParameterPreprocessor {
    @Override
    @SuppressWarnings("JdkObsolete") // the interface asks for a Stack
    public boolean preprocess(
        Stack<String> args, CommandSpec command, ArgSpec option, Map<String, Object> info) {
      if (args.isEmpty()) {
        return false; // picocli says that FILE is missing
      }
      String file = args.pop();
      List<String> options = options(file, command);
      for (int i = options.size() - 1; i >= 0; i--) {
        args.push(options.get(i));
      }
      args.push(file);
      return false;
    }

    private static List<String> options(String file, CommandSpec command) {
      try {
        return new ConfigFile(Path.of(file), command).options();
      } catch (IllegalArgumentException e) {
        throw new ParameterException(command.commandLine(), e.getMessage(), e);
      }
    }
  }
}
