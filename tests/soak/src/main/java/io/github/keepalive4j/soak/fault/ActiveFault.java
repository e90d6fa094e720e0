package io.github.keepalive4j.soak.fault;

import java.io.IOException;

/**
 * A fault that is active since some moment between two times.
 *
 * @param startedNs a time at which it was not active yet
 * @param effectiveNs a time at which it was
 * @param undo undoes it
 */
public record ActiveFault(FaultKind kind, long startedNs, long effectiveNs, AutoCloseable undo)
    implements AutoCloseable {
  public static ActiveFault on(FaultTarget target, FaultKind kind) throws IOException {
    long startedNs = System.nanoTime();
    AutoCloseable undo = kind.inject(target);
    return new ActiveFault(kind, startedNs, System.nanoTime(), undo);
  }

  @Override
  public void close() throws IOException {
    try {
      undo.close();
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(kind + " can't be undone", e);
    }
  }
}
