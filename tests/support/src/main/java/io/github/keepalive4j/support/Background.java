package io.github.keepalive4j.support;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** A call under way on a thread of its own. */
public final class Background<T> {
  private static final String TRANSPORTS = "io.github.keepalive4j.internal.";

  private final FutureTask<T> task;
  private final Thread thread;

  private Background(Callable<T> call) {
    task = new FutureTask<>(call);
    thread = new Thread(task, "background");
    thread.setDaemon(true);
  }

  public static <T> Background<T> start(Callable<T> call) {
    Background<T> background = new Background<>(call);
    background.thread.start();
    return background;
  }

  /** Waits until the call waits in the kernel, below a method of the transport in use. */
  public Background<T> awaitInside(String method) throws Exception {
    Eventually.await("a thread inside " + method, () -> isInside(method));
    return this;
  }

  private boolean isInside(String method) {
    StackTraceElement[] frames = thread.getStackTrace();
    return frames.length > 0
        && frames[0].isNativeMethod()
        && Arrays.stream(frames).anyMatch(frame -> isTransport(frame, method));
  }

  private static boolean isTransport(StackTraceElement frame, String method) {
    return frame.getMethodName().equals(method) && frame.getClassName().startsWith(TRANSPORTS);
  }

  public void interrupt() {
    thread.interrupt();
  }

  /** Returns the result, or throws what the call threw. */
  public T get() throws Exception {
    return get(Eventually.DEADLINE);
  }

  public T get(Duration limit) throws Exception {
    try {
      return task.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }
}
