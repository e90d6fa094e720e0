package io.github.keepalive4j.support;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Processes that each keep a processor busy, at normal priority. They end when this is closed, or
 * when this process ends, whatever ends it.
 */
public final class BusyLoops implements AutoCloseable {
  private static final int ATTEMPTS = 5;

  private final List<Process> loops = new ArrayList<>();
  private volatile boolean ahead; // of the loops: this process's threads

  private BusyLoops() {}

  /** Starts so many. */
  public static BusyLoops start(int count, Path folder) throws IOException, InterruptedException {
    BusyLoops loops = new BusyLoops();
    if (count > 0) {
      Path program = CProgram.compile(folder, BusyLoops.class, "busy");
      try {
        loops.add(count, program);
      } catch (IOException e) {
        loops.close();
        throw e;
      }
    }
    return loops;
  }

  private void add(int count, Path program) throws IOException {
    String parent = Long.toString(ProcessHandle.current().pid());
    for (int loop = 0; loop < count; loop++) {
      loops.add(new ProcessBuilder(program.toString(), parent).inheritIO().start());
    }
  }

  public int count() {
    return loops.size();
  }

  /**
   * Puts this process's present threads before the loops, until this is closed. Otherwise they
   * would come between the end of a source and the look at the clock. What the threads start runs
   * at normal priority. Does nothing where there are no loops.
   */
  public void goFirst() throws IOException {
    if (!loops.isEmpty()) {
      ahead = true;
      schedule("--reset-on-fork", "--rr", "--pid", "1");
    }
  }

  /** As {@link #goFirst}, but the processes that this one starts go first, too. */
  public void goFirstWithChildren() throws IOException {
    if (!loops.isEmpty()) {
      ahead = true;
      schedule("--rr", "--pid", "1");
    }
  }

  /** Calls chrt again if a thread has ended after it was listed, as the JVM's own do. */
  private static void schedule(String... policy) throws IOException {
    List<String> command = new ArrayList<>(List.of("chrt", "--all-tasks"));
    command.addAll(List.of(policy));
    command.add(Long.toString(ProcessHandle.current().pid()));
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      Process chrt = new ProcessBuilder(command).inheritIO().start();
      if (chrt.onExit().join().exitValue() == 0) {
        return;
      }
    }
    throw new IOException(String.join(" ", command) + " failed");
  }

  @Override
  public void close() throws IOException {
    for (Process loop : loops) {
      loop.destroyForcibly().onExit().join();
    }
    if (ahead) {
      schedule("--other", "--pid", "0");
    }
  }
}
