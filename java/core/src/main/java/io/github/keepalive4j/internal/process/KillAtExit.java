package io.github.keepalive4j.internal.process;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Kills a fence that is still running when the JVM ends: no takeover would follow it. The hook is
 * registered before the fence starts, because a JVM that is ending waits only for its hooks.
 */
public final class KillAtExit implements AutoCloseable {
  private static final Set<KillAtExit> OPEN = ConcurrentHashMap.newKeySet();

  private final Thread hook = new Thread(this::end, "keepalive-fence-kill");
  private ProcessTree tree; // guarded by this; null before the start
  private boolean ending; // guarded by this

  public KillAtExit() {
    OPEN.add(this);
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException e) {
      ending = true;
    }
  }

  /** Kills all fences that run, for one whose own hook must not go on before. */
  public static void endAll() {
    OPEN.forEach(KillAtExit::end);
  }

  /** Starts the fence, unless the JVM is ending already. */
  public synchronized ProcessTree start(ProcessBuilder builder, String variable)
      throws IOException {
    if (ending) {
      throw new IOException("this JVM is ending");
    }
    tree = ProcessTree.start(builder, variable);
    return tree;
  }

  /** Prevents a later start, and kills the fence that runs. */
  public synchronized void end() {
    ending = true;
    if (tree != null) {
      tree.kill();
    }
  }

  /** Removes the hook. */
  @Override
  public void close() {
    OPEN.remove(this);
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the JVM is ending, and the hook runs
    }
  }
}
