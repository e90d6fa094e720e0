package io.github.keepalive4j.drivers.server;

import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.ManagedProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A server of Debian's, as user nobody in a folder of its own. It has nothing to do with the
 * machine's instances of the same server. What it starts dies with it, also if it is killed: it is
 * in a namespace of processes.
 */
final class DebianServer {
  private static final List<String> CONFINED =
      List.of("unshare", "--pid", "--ipc", "--fork", "--kill-child", "sh", "-c");

  /**
   * The shell stays, and stays root's: a change of the user clears the signal by which the end of
   * {@code unshare} kills its child.
   */
  private static final String AS_NOBODY =
      "setpriv --reuid=nobody --regid=nogroup --clear-groups --inh-caps=-all sh -euc \"$0\"; exit $?";

  private DebianServer() {}

  /** Starts a script of the shell. */
  static ManagedProcess start(
      Host host, Path folder, Map<String, String> environment, String script) throws IOException {
    List<String> command = new ArrayList<>(CONFINED);
    command.addAll(List.of(AS_NOBODY, script));
    ProcessBuilder builder = new ProcessBuilder(command).directory(own(folder).toFile());
    builder.environment().putAll(environment);
    builder.environment().put("HOME", folder.toString());
    builder.environment().put("LC_ALL", "C");
    return host.start(builder);
  }

  private static Path own(Path folder) throws IOException {
    Files.createDirectory(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    return Files.setOwner(
        folder,
        folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
  }
}
