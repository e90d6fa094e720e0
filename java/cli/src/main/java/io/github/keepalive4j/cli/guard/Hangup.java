package io.github.keepalive4j.cli.guard;

import java.lang.reflect.Proxy;

/**
 * SIGHUP, by which logrotate asks for a file to be opened anew. By reflection, because the compiler
 * warns of {@code sun.misc.Signal} in a way that can't be suppressed, and nothing replaces that.
 */
final class Hangup {
  private Hangup() {}

  /** Runs a task at each SIGHUP from now on, on a thread of the JVM's, instead of ending. */
  static void run(Runnable task) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object hangup = signal.getConstructor(String.class).newInstance("HUP");
      signal.getMethod("handle", signal, handler).invoke(null, hangup, proxy(handler, task));
    } catch (ReflectiveOperationException e) {
      // a JVM without that class, or one that leaves signals alone by -Xrs
    }
  }

  private static Object proxy(Class<?> handler, Runnable task) {
    return Proxy.newProxyInstance(
        handler.getClassLoader(),
        new Class<?>[] {handler},
        (proxy, method, arguments) -> {
          task.run();
          return null;
        });
  }
}
