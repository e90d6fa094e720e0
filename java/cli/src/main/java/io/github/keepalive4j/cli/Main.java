package io.github.keepalive4j.cli;

import io.github.keepalive4j.cli.output.Messages;
import picocli.CommandLine;

/** The entry of the {@code keepalive} command. */
public final class Main {
  private Main() {}

  /**
   * Runs the command and exits with its status.
   *
   * @param arguments as the shell passes them
   * @throws InterruptedException never: nobody interrupts this thread
   */
  public static void main(String[] arguments) throws InterruptedException {
    OneLineLog.install();
    exit(run(arguments));
  }

  private static int run(String[] arguments) {
    try {
      return commandLine(arguments).execute(arguments);
    } catch (OutOfMemoryError e) { // for example, no thread
      System.err.println("keepalive: " + Messages.of(e));
      return ExitStatus.FAILED;
    }
  }

  /**
   * Ends the JVM, and leaves the status to a signal that ends it already: what the hooks close or
   * kill lets the command return, and a later status other than 0 would win over the signal's
   * ({@code java.lang.Shutdown.exit} of JDK 17).
   */
  private static void exit(int status) throws InterruptedException {
    if (isEnding()) {
      Thread.currentThread().join();
    }
    System.exit(status);
  }

  private static boolean isEnding() {
    try {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> {}));
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  static CommandLine commandLine(String... arguments) {
    return KeepaliveCommand.forArguments(arguments)
        .setExpandAtFiles(false)
        .setParameterExceptionHandler(OneLineErrors::onUsage)
        .setExecutionExceptionHandler(OneLineErrors::onFailure);
  }
}
