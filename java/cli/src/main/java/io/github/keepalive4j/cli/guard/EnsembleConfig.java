package io.github.keepalive4j.cli.guard;

import io.github.keepalive4j.cli.output.Messages;
import io.github.keepalive4j.cli.values.TextFile;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.security.URIParameter;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.Configuration;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.api.ACLProvider;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.common.ClientX509Util;
import org.apache.zookeeper.common.X509Exception.KeyManagerException;
import org.apache.zookeeper.common.X509Exception.TrustManagerException;
import org.apache.zookeeper.common.X509Util;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.server.auth.DigestLoginModule;

/**
 * How a client proves to an ensemble who it is, read from a file of properties. Immutable. What
 * would fail later for the file's sake fails when it is read. Messages show no password.
 */
final class EnsembleConfig {
  private final String authorization; // null for none
  private final ZKClientConfig client = new ZKClientConfig();

  private EnsembleConfig(Properties properties) {
    for (String key : new TreeSet<>(properties.stringPropertyNames())) {
      String value = properties.getProperty(key).strip();
      EnsembleProperties.check(key, value);
      client.setProperty(key, value);
    }
    authorization = client.getProperty(EnsembleProperties.AUTHORIZATION);
    EnsembleProperties.checkUse(properties);
    checkTls();
    checkSasl();
  }

  /**
   * Reads a file.
   *
   * @throws IOException if it can't be read; the message names it
   * @throws IllegalArgumentException if it is malformed, has an unknown key or a wrong value
   */
  static EnsembleConfig read(Path file) throws IOException {
    try {
      return new EnsembleConfig(parse(file));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  private static Properties parse(Path file) throws IOException {
    Properties properties = new Properties();
    properties.load(new StringReader(TextFile.read(file)));
    return properties;
  }

  private void checkTls() {
    String socket = client.getProperty(ZKClientConfig.ZOOKEEPER_CLIENT_CNXN_SOCKET);
    if (!isSecure()) {
      return;
    }
    if (socket == null) {
      client.setProperty(
          ZKClientConfig.ZOOKEEPER_CLIENT_CNXN_SOCKET, EnsembleProperties.NETTY.get(1));
    } else if (!EnsembleProperties.NETTY.contains(socket)) {
      throw new IllegalArgumentException(
          ZKClientConfig.ZOOKEEPER_CLIENT_CNXN_SOCKET
              + " is '"
              + socket
              + "', which has no TLS: ClientCnxnSocketNetty has");
    }
    openStores();
  }

  /**
   * Prepares a connection as the client will, because it would only log an error, again and again.
   */
  private void openStores() {
    try (ClientX509Util stores = new ClientX509Util()) {
      SSLEngine unused =
          stores
              .createNettySslContextForClient(client)
              .newEngine(UnpooledByteBufAllocator.DEFAULT); // takes protocols and cipher suites
    } catch (KeyManagerException e) {
      throw cannotBeUsed(EnsembleProperties.KEY_STORE, e);
    } catch (TrustManagerException e) {
      throw cannotBeUsed(EnsembleProperties.TRUST_STORE, e);
    } catch (SSLException | IllegalArgumentException e) {
      throw new IllegalArgumentException("zookeeper.ssl: " + reason(e), e);
    }
  }

  private IllegalArgumentException cannotBeUsed(String key, Exception e) {
    return new IllegalArgumentException(
        key + " is '" + client.getProperty(key) + "', which can't be used: " + reason(e), e);
  }

  private static String reason(Throwable error) {
    Throwable cause = error;
    while (cause.getCause() != null && cause.getCause().getMessage() != null) {
      cause = cause.getCause();
    }
    return Messages.oneLine(String.valueOf(cause.getMessage()));
  }

  /**
   * Looks for the login's section, because a client without it goes on as nobody. The JDK takes the
   * file's name from a system property alone.
   */
  private void checkSasl() {
    String file = client.getProperty(EnsembleProperties.JAAS_FILE);
    if (file == null || !client.isSaslClientEnabled()) {
      return;
    }
    String section =
        client.getProperty(
            ZKClientConfig.LOGIN_CONTEXT_NAME_KEY, ZKClientConfig.LOGIN_CONTEXT_NAME_KEY_DEFAULT);
    AppConfigurationEntry[] logins = logins(file, section);
    if (logins == null) {
      throw new IllegalArgumentException(
          EnsembleProperties.JAAS_FILE
              + " is '"
              + file
              + "', no JAAS configuration with a section "
              + section);
    }
    if (Arrays.stream(logins).anyMatch(EnsembleConfig::isDigest) && X509Util.getFipsMode(client)) {
      throw new IllegalArgumentException(
          EnsembleProperties.FIPS
              + " is 'true', which it is by default, and forbids the DigestLoginModule of "
              + file);
    }
    System.setProperty(EnsembleProperties.JAAS_FILE, file);
  }

  private static boolean isDigest(AppConfigurationEntry login) {
    return login.getLoginModuleName().equals(DigestLoginModule.class.getName());
  }

  /** The JDK's own messages quote the file, passwords included. */
  private static AppConfigurationEntry[] logins(String file, String section) {
    try {
      return Configuration.getInstance("JavaLoginConfig", new URIParameter(Path.of(file).toUri()))
          .getAppConfigurationEntry(section);
    } catch (NoSuchAlgorithmException | RuntimeException e) { // malformed
      return null;
    }
  }

  private boolean isSecure() {
    return client.getBoolean(ZKClientConfig.SECURE_CLIENT);
  }

  /** Tells whether the ensemble learns who this client is. */
  private boolean authenticates() {
    boolean byLogin =
        client.getProperty(EnsembleProperties.JAAS_FILE) != null && client.isSaslClientEnabled();
    boolean byCertificate = isSecure() && client.getProperty(EnsembleProperties.KEY_STORE) != null;
    return authorization != null || byLogin || byCertificate;
  }

  /** Sets a client up. With authentication, what it makes is its own alone. */
  CuratorFrameworkFactory.Builder addTo(CuratorFrameworkFactory.Builder builder) {
    builder.zkClientConfig(client);
    if (authorization != null) {
      String[] parts = authorization.split(":", 2);
      builder.authorization(parts[0], parts[1].getBytes(StandardCharsets.UTF_8));
    }
    return authenticates() ? builder.aclProvider(new CreatorOnly()) : builder;
  }

  /** Gives each new node to whoever makes it. */
  private static final class CreatorOnly implements ACLProvider {
    /** ZooKeeper asks the list whether it contains null, which not every list answers. */
    private static final List<ACL> CREATOR_ALL =
        Collections.singletonList(new ACL(Perms.ALL, new Id("auth", "")));

    @Override
    public List<ACL> getDefaultAcl() {
      return CREATOR_ALL;
    }

    @Override
    public List<ACL> getAclForPath(String path) {
      return CREATOR_ALL;
    }
  }
}
