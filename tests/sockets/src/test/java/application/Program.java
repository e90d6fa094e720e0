package application;

import java.io.BufferedReader;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A program that knows nothing of keepalive4j and needs java.base alone. It does what it reads and
 * answers each line by a line. Its package isn't the agent's, because it may be in a module.
 */
public final class Program {
  private static final List<Socket> SOCKETS = new ArrayList<>();

  private static final List<FileInputStream> FILES = new ArrayList<>();

  private Program() {}

  public static void main(String[] arguments) throws Exception {
    PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    answers.println("ready");
    for (String order = orders.readLine(); order != null; order = orders.readLine()) {
      if (order.equals("end")) {
        return;
      }
      answers.println(answer(order.split(" ")));
    }
  }

  private static String answer(String[] words) throws Exception {
    return switch (words[0]) {
      case "connect" -> connect(Integer.parseInt(words[1]));
      case "undo" -> undo();
      case "warn" -> warn();
      case "jna" -> jna();
      case "log" -> logManager(words[1]);
      case "property" -> System.getProperty(words[1]);
      case "set" -> "was " + System.setProperty(words[1], words[2]);
      case "sockets" -> sockets();
      case "threads" -> threads();
      case "count" -> count(words[1]);
      case "fill" -> fill(Integer.parseInt(words[1]));
      case "free" -> free();
      case "late" -> exitSlowly(Integer.parseInt(words[1]));
      case "exit" -> exit(Integer.parseInt(words[1]));
      default -> "unknown: " + words[0];
    };
  }

  private static String connect(int port) throws IOException {
    SOCKETS.add(new Socket(InetAddress.getLoopbackAddress(), port));
    return "connected";
  }

  private static String undo() throws IOException {
    for (Socket socket : SOCKETS) {
      socket.setKeepAlive(false);
    }
    return "undone";
  }

  /** Logs a line; the JDK reads some files for the first. */
  private static String warn() {
    System.getLogger("application").log(System.Logger.Level.WARNING, "a warning");
    return "warned";
  }

  /** Calls getpid through the program's own JNA, and names that by its jar. */
  private static String jna() throws ReflectiveOperationException {
    Class<?> libraries = Class.forName("com.sun.jna.NativeLibrary");
    String jar = libraries.getProtectionDomain().getCodeSource().getLocation().getPath();
    Object library = libraries.getMethod("getInstance", String.class).invoke(null, "c");
    Object getpid = libraries.getMethod("getFunction", String.class).invoke(library, "getpid");
    Object pid =
        getpid
            .getClass()
            .getMethod("invokeInt", Object[].class)
            .invoke(getpid, (Object) new Object[0]);
    boolean right = ProcessHandle.current().pid() == (Integer) pid;
    return jar.substring(jar.lastIndexOf('/') + 1) + (right ? " works" : " is wrong: " + pid);
  }

  /** Chooses a log manager, as some applications do first. */
  private static String logManager(String name) throws ReflectiveOperationException {
    System.setProperty("java.util.logging.manager", name);
    Class<?> type = Class.forName("java.util.logging.LogManager");
    return type.getMethod("getLogManager").invoke(null).getClass().getName();
  }

  /** Tells whether the JDK makes sockets of IPv6, too. */
  private static String sockets() throws IOException {
    byte[] loopback = new byte[16];
    loopback[15] = 1;
    try (Socket socket = new Socket()) {
      socket.bind(new InetSocketAddress(InetAddress.getByAddress(loopback), 0));
      return "IPv4 and IPv6";
    } catch (SocketException e) {
      return "IPv4";
    }
  }

  /** Names the threads that would keep the JVM alive. */
  private static String threads() {
    List<String> names = new ArrayList<>();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (!thread.isDaemon()) {
        names.add(thread.getName());
      }
    }
    return names.toString();
  }

  /** Counts the threads whose names match. */
  private static String count(String pattern) {
    return Long.toString(
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().matches(pattern))
            .count());
  }

  /** Uses up the descriptors but for some. */
  private static String fill(int spare) throws IOException {
    try {
      while (true) {
        FILES.add(new FileInputStream("/dev/null"));
      }
    } catch (IOException e) {
      for (int i = 0; i < spare; i++) {
        FILES.remove(FILES.size() - 1).close();
      }
      return "full";
    }
  }

  private static String free() throws IOException {
    for (FileInputStream file : FILES) {
      file.close();
    }
    FILES.clear();
    return "free";
  }

  /** Has the agent begin while the JVM exits: the JDK deletes files then, and takes no more. */
  private static String exitSlowly(int port) throws IOException {
    for (int i = 0; i < 300_000; i++) {
      new File("/nowhere/" + i).deleteOnExit();
    }
    connect(port);
    return exit(3);
  }

  private static String exit(int status) {
    System.exit(status);
    return "never";
  }
}
