package io.github.keepalive4j.cli.sockets;

import com.sun.jna.Pointer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * What is known of the network namespaces that sockets belong to. Each is looked at once. Not
 * thread-safe.
 */
final class NetworkNamespaces {
  private static final String UNKNOWN = "";
  private static final Path OF_THIS_THREAD = Path.of("/proc/thread-self/net");

  private final Map<String, NetworkSettings> settings = new HashMap<>();
  private final Map<String, Map<Long, InetSocketAddress>> connectingPeers = new HashMap<>();

  NetworkNamespaces() {
    settings.put(name("/proc/self/ns/net"), NetworkSettings.read());
    settings.put(UNKNOWN, NetworkSettings.DEFAULTS);
  }

  /**
   * Returns the settings of a socket's namespace. To a user without {@code CAP_NET_ADMIN} the
   * kernel doesn't tell which it is: then it is the process's.
   */
  NetworkSettings settings(int socket, int pid) {
    int namespace = LibC.ioctl(socket, LibC.SIOCGSKNS);
    if (namespace < 0) {
      return settingsOfProcess(pid);
    }
    try {
      return settings.computeIfAbsent(name(namespace), name -> readSettings(namespace));
    } finally {
      LibC.close(namespace);
    }
  }

  private NetworkSettings settingsOfProcess(int pid) {
    String path = "/proc/" + pid + "/ns/net";
    return settings.computeIfAbsent(name(path), name -> readSettings(path));
  }

  private static NetworkSettings readSettings(String path) {
    Pointer file = LibC.fopen(path, "re");
    if (file == null) {
      return NetworkSettings.DEFAULTS;
    }
    try {
      return readSettings(LibC.fileno(file));
    } finally {
      LibC.fclose(file);
    }
  }

  private static NetworkSettings readSettings(int namespace) {
    return inside(namespace, NetworkSettings::read).orElse(NetworkSettings.DEFAULTS);
  }

  /** Returns the peer of a socket that is still connecting, as far as it can be known. */
  Optional<InetSocketAddress> connectingPeer(int socket, int pid, long inode) {
    int namespace = LibC.ioctl(socket, LibC.SIOCGSKNS);
    if (namespace < 0) {
      return Optional.ofNullable(
          connectingPeers.computeIfAbsent("process " + pid, name -> readPeers(pid)).get(inode));
    }
    try {
      return Optional.ofNullable(
          connectingPeers
              .computeIfAbsent(
                  name(namespace),
                  name ->
                      inside(namespace, () -> ConnectingPeers.read(OF_THIS_THREAD))
                          .orElseGet(() -> readPeers(pid)))
              .get(inode));
    } finally {
      LibC.close(namespace);
    }
  }

  private static Map<Long, InetSocketAddress> readPeers(int pid) {
    return ConnectingPeers.read(Path.of("/proc", Integer.toString(pid), "net"));
  }

  /** What /proc shows depends on the reading thread's namespace, so a thread of its own moves. */
  private static <T> Optional<T> inside(int namespace, Supplier<T> task) {
    CompletableFuture<Optional<T>> result = new CompletableFuture<>();
    Supplier<Optional<T>> entered =
        () ->
            LibC.setns(namespace, LibC.CLONE_NEWNET) == 0
                ? Optional.of(task.get())
                : Optional.empty();
    Thread thread = new Thread(() -> result.completeAsync(entered, Runnable::run));
    thread.setDaemon(true);
    thread.start();
    return result.join();
  }

  private static String name(int namespace) {
    return name("/proc/self/fd/" + namespace);
  }

  private static String name(String path) {
    try {
      return Files.readSymbolicLink(Path.of(path)).toString();
    } catch (IOException e) {
      return UNKNOWN;
    }
  }
}
