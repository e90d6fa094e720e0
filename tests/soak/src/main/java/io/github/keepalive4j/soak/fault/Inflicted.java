package io.github.keepalive4j.soak.fault;

import java.io.IOException;

/**
 * A fault in force since some moment between two.
 *
 * @param startedNs when it had not begun
 * @param effectiveNs when it had
 * @param undo undoes it
 */
public record Inflicted(FaultKind fault, long startedNs, long effectiveNs, AutoCloseable undo)
    implements AutoCloseable {
  public static Inflicted on(Scene scene, FaultKind fault) throws IOException {
    long startedNs = System.nanoTime();
    AutoCloseable undo = fault.inflict(scene);
    return new Inflicted(fault, startedNs, System.nanoTime(), undo);
  }

  @Override
  public void close() throws IOException {
    try {
      undo.close();
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(fault + " can't be undone", e);
    }
  }
}
