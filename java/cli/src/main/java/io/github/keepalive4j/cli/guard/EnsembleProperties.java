package io.github.keepalive4j.cli.guard;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;

/**
 * The properties by which a client of an ensemble proves who it is, under ZooKeeper's own names,
 * and which values they take. No message shows a value that is secret.
 */
final class EnsembleProperties {
  static final String AUTHORIZATION = "authorization";
  static final String JAAS_FILE = "java.security.auth.login.config";
  private static final String SECURE = "zookeeper.client.secure";
  private static final String SASL = "zookeeper.sasl.client";

  /** They say something of a login, which {@link #JAAS_FILE} has. */
  private static final List<String> LOGIN =
      List.of(
          SASL + "config",
          SASL + ".username",
          SASL + ".canonicalize.hostname",
          "zookeeper.server.principal",
          "zookeeper.server.realm");

  static final String FIPS = "zookeeper.fips-mode";
  static final String KEY_STORE = "zookeeper.ssl.keyStore.location";
  static final String TRUST_STORE = "zookeeper.ssl.trustStore.location";
  static final List<String> NETTY =
      List.of("ClientCnxnSocketNetty", "org.apache.zookeeper.ClientCnxnSocketNetty");
  private static final List<String> SOCKETS =
      List.of(
          NETTY.get(0),
          NETTY.get(1),
          "ClientCnxnSocketNIO",
          "org.apache.zookeeper.ClientCnxnSocketNIO");

  private static final Pattern NAME = Pattern.compile("[A-Za-z]+([.-][A-Za-z]+)*");

  private static final Map<String, Kind> KINDS = kinds();

  private EnsembleProperties() {}

  private enum Kind {
    ANY,
    SECRET,
    FLAG,
    READABLE_FILE,
    SOCKET,
    AUTHORIZATION
  }

  private static Map<String, Kind> kinds() {
    Map<String, Kind> kinds = new LinkedHashMap<>();
    kinds.put(AUTHORIZATION, Kind.AUTHORIZATION);
    kinds.put(JAAS_FILE, Kind.READABLE_FILE);
    kinds.put(SASL, Kind.FLAG);
    LOGIN.forEach(key -> kinds.put(key, Kind.ANY));
    kinds.put(SASL + ".canonicalize.hostname", Kind.FLAG);
    kinds.put(FIPS, Kind.FLAG);
    kinds.put(SECURE, Kind.FLAG);
    kinds.put("zookeeper.clientCnxnSocket", Kind.SOCKET);
    for (String store : List.of("zookeeper.ssl.keyStore", "zookeeper.ssl.trustStore")) {
      kinds.put(store + ".location", Kind.READABLE_FILE);
      kinds.put(store + ".password", Kind.SECRET);
      kinds.put(store + ".passwordPath", Kind.READABLE_FILE);
      kinds.put(store + ".type", Kind.ANY);
    }
    kinds.put("zookeeper.ssl.hostnameVerification", Kind.FLAG);
    kinds.put("zookeeper.ssl.protocol", Kind.ANY);
    kinds.put("zookeeper.ssl.enabledProtocols", Kind.ANY);
    kinds.put("zookeeper.ssl.ciphersuites", Kind.ANY);
    kinds.put("zookeeper.ssl.crl", Kind.FLAG);
    kinds.put("zookeeper.ssl.ocsp", Kind.FLAG);
    return kinds;
  }

  /** Refuses a key that isn't known, and a value that it doesn't take. */
  static void check(String key, String value) {
    Kind kind = KINDS.get(key);
    if (kind == null) {
      throw new IllegalArgumentException(
          shown(key, value) + " is not one of " + String.join(", ", KINDS.keySet()));
    }
    if (value.isEmpty()) {
      throw new IllegalArgumentException(key + " is empty");
    }
    switch (kind) {
      case FLAG -> require(List.of("true", "false"), key, value);
      case SOCKET -> require(SOCKETS, key, value);
      case READABLE_FILE -> requireFile(key, value);
      case AUTHORIZATION -> requireCredentials(value);
      default -> {
        // checked by what uses it
      }
    }
  }

  /**
   * Refuses what would have no effect: without the property that it goes with, a client connects in
   * plain text, or as nobody.
   */
  static void checkUse(Properties properties) {
    for (String key : KINDS.keySet()) {
      if (properties.containsKey(key)) {
        if (key.startsWith("zookeeper.ssl.") && !properties.containsKey(SECURE)) {
          throw new IllegalArgumentException(key + " goes with " + SECURE + "=true");
        }
        boolean hasLogin =
            properties.containsKey(JAAS_FILE) || System.getProperty(JAAS_FILE) != null;
        if (LOGIN.contains(key) && !hasLogin) {
          throw new IllegalArgumentException(key + " goes with " + JAAS_FILE);
        }
      }
    }
  }

  /** A line that is no key and value, or has an odd key, may be a password. */
  private static String shown(String key, String value) {
    return NAME.matcher(key).matches() && !value.isEmpty()
        ? "key '" + key + "'"
        : "a key that isn't shown";
  }

  private static void require(List<String> allowed, String key, String value) {
    if (!allowed.contains(value)) {
      throw new IllegalArgumentException(
          key + " is '" + value + "', not one of " + String.join(", ", allowed));
    }
  }

  private static void requireFile(String key, String value) {
    Path file = Path.of(value);
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new IllegalArgumentException(key + " is '" + value + "', no file that can be read");
    }
  }

  /** The value is secret, so the message only tells its form. */
  private static void requireCredentials(String value) {
    String[] parts = value.split(":", 3);
    boolean isDigest = parts[0].equals("digest");
    int needed = isDigest ? 3 : 2;
    if (parts.length < needed || Arrays.stream(parts).limit(needed).anyMatch(String::isEmpty)) {
      throw new IllegalArgumentException(
          AUTHORIZATION + " is neither digest:USER:PASSWORD nor SCHEME:CREDENTIALS");
    }
  }
}
