package io.github.keepalive4j.sockets.agent;

import java.lang.reflect.InvocationTargetException;
import java.net.URL;

/** The sweeper inside the agent's jar, which is behind a loader of its own. */
final class Inside {
  private static final String ENTRY = "io.github.keepalive4j.sockets.internal.AgentEntry";

  private static Inside proven; // guarded by the class; null until one has started

  private final ClassLoader loader;
  private final Class<?> entry;

  private Inside(ClassLoader loader) throws ClassNotFoundException {
    this.loader = loader;
    entry = Class.forName(ENTRY, true, loader);
  }

  /**
   * Returns the one that has started before, or a new one. The JVM remembers for ever that a class
   * couldn't be initialized, so another try needs another loader.
   */
  static synchronized Inside load() throws Exception {
    if (proven != null) {
      return proven;
    }
    URL jar = Agent.class.getProtectionDomain().getCodeSource().getLocation();
    return new Inside(new InnerLoader(jar));
  }

  /** Reads the rules, and throws if that fails. */
  void check(String rules) throws Throwable {
    call("check", rules);
  }

  /** Starts a sweeper. */
  AutoCloseable open(String rules) throws Throwable {
    JnaFolder.requireWritable();
    Class.forName(PrivateSettings.JNA, true, loader); // for its own error, unwrapped
    AutoCloseable sweeper = (AutoCloseable) call("open", rules);
    prove(this);
    return sweeper;
  }

  private static synchronized void prove(Inside inside) {
    proven = inside;
  }

  private Object call(String method, String rules) throws Throwable {
    try {
      return entry.getMethod(method, String.class).invoke(null, rules);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
