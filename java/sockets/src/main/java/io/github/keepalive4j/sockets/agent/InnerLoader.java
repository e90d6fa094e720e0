package io.github.keepalive4j.sockets.agent;

import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;

/**
 * Loads what is below "inner" in the agent's jar. For these packages it asks no other loader: even
 * the platform's hands out classes of the application, if they are in modules.
 */
final class InnerLoader extends URLClassLoader {
  static {
    registerAsParallelCapable();
  }

  InnerLoader(URL jar) throws MalformedURLException {
    super(
        "keepalive4j-sockets-agent",
        new URL[] {new URL("jar:" + jar + "!/inner/")},
        ClassLoader.getPlatformClassLoader());
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!isInside(name)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? findClass(name) : loaded;
    }
  }

  private static boolean isInside(String name) {
    return name.startsWith("io.github.keepalive4j.") || name.startsWith("com.sun.jna.");
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    if (!PrivateSettings.isReader(name)) {
      return super.findClass(name);
    }
    try (InputStream file = getResourceAsStream(name.replace('.', '/') + ".class")) {
      byte[] code = PrivateSettings.rename(name, file.readAllBytes());
      return defineClass(name, code, 0, code.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  @Override
  public URL findResource(String name) {
    return super.findResource(PrivateSettings.resource(name));
  }

  @Override
  public URL getResource(String name) {
    URL inside = findResource(name);
    return inside == null ? super.getResource(name) : inside;
  }
}
