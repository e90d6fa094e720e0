package io.github.keepalive4j.support;

import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Makes each wait on the epoll sets fail that this process has opened since this was made. A wait
 * that is under way goes on to its end.
 */
public final class EpollFault implements AutoCloseable {
  private static final NativeLibrary LIBC = NativeLibrary.getInstance("c");
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  private final Set<Integer> before = epollSets();
  private final Map<Integer, Integer> hidden = new HashMap<>(); // by the copy that was kept

  public EpollFault() throws IOException {}

  private static Set<Integer> epollSets() throws IOException {
    Set<Integer> sets = new HashSet<>();
    for (Path descriptor : descriptors()) {
      if (isEpollSet(descriptor)) {
        sets.add(Integer.valueOf(descriptor.getFileName().toString()));
      }
    }
    return sets;
  }

  private static List<Path> descriptors() throws IOException {
    try (Stream<Path> all = Files.list(DESCRIPTORS)) {
      return new ArrayList<>(all.toList());
    }
  }

  private static boolean isEpollSet(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().equals("anon_inode:[eventpoll]");
    } catch (IOException e) {
      return false; // it listed the folder
    }
  }

  /** Puts what is no epoll set in the place of each new one. */
  public void begin() throws IOException {
    int none = call("eventfd", 0, 0);
    for (int set : epollSets()) {
      if (!before.contains(set)) {
        hidden.put(call("dup", set), set);
        call("dup2", none, set);
      }
    }
    call("close", none);
  }

  /** Puts the epoll sets back. */
  public void end() throws IOException {
    for (Map.Entry<Integer, Integer> each : hidden.entrySet()) {
      call("dup2", each.getKey(), each.getValue());
      call("close", each.getKey());
    }
    hidden.clear();
  }

  private static int call(String function, Object... arguments) throws IOException {
    int result = LIBC.getFunction(function).invokeInt(arguments);
    if (result < 0) {
      throw new IOException(function + " failed");
    }
    return result;
  }

  @Override
  public void close() throws IOException {
    end();
  }
}
