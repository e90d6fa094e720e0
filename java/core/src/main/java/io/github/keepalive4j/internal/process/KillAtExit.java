package io.github.keepalive4j.internal.process;

import java.io.IOException;

/**
 * Kills a fence that is still running when the JVM ends: it would fence a source for nobody. The
 * lookout begins before the fence does, for a JVM that is ending waits for its hooks alone.
 */
public final class KillAtExit implements AutoCloseable {
  private final Thread hook = new Thread(this::end, "keepalive-fence-kill");
  private ProcessTree tree; // guarded by this; null before the start
  private boolean ending; // guarded by this

  public KillAtExit() {
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException e) {
      ending = true;
    }
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

  /** Lets none be started any more, and kills the one that runs. */
  public synchronized void end() {
    ending = true;
    if (tree != null) {
      tree.kill();
    }
  }

  /** Ends the lookout. */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the JVM is ending, and the hook does what it is for
    }
  }
}
