package io.github.keepalive4j;

import io.github.keepalive4j.internal.ListenSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/**
 * What a server is made with, checked as it is set. {@link KeepaliveServer.Builder} explains it.
 */
final class ServerSettings {
  private KeepaliveOptions options; // null for the transport's default
  private ServerListener listener = new ServerListener() {};
  private BooleanSupplier health = () -> true;
  private int backlog = 1024;
  private List<IpNetwork> allowed; // null for everybody
  private int maxConnections = 10_000;
  private int maxConnectionsPerAddress = 1_024;
  private Boolean ipv6Only; // null for the transport's default
  private boolean singleHop;
  private final Map<IpNetwork, Md5Key> md5Keys = new LinkedHashMap<>();
  private TakeoverGuard guard; // null for none
  private Duration guardTimeout; // null where there is no guard
  private Journal journal; // null for none

  void options(KeepaliveOptions newOptions) {
    if (newOptions.sourceAddress().isPresent() || newOptions.device().isPresent()) {
      throw new IllegalArgumentException(
          "options " + newOptions + " of an accepted connection can't bind it");
    }
    if (newOptions.md5Key().isPresent() || newOptions.singleHop().isPresent()) {
      throw new IllegalArgumentException(
          "md5Key and singleHop in options " + newOptions + " are the server's own to set");
    }
    options = newOptions;
  }

  KeepaliveOptions optionsOr(KeepaliveOptions defaults) {
    return options == null ? defaults : options;
  }

  void listener(ServerListener newListener) {
    listener = Objects.requireNonNull(newListener, "listener");
  }

  ServerListener listener() {
    return listener;
  }

  void health(BooleanSupplier newHealth) {
    health = Objects.requireNonNull(newHealth, "health");
  }

  BooleanSupplier health() {
    return health;
  }

  void backlog(int newBacklog) {
    backlog = atLeastOne("backlog", newBacklog);
  }

  void allow(Collection<IpNetwork> networks) {
    if (networks.isEmpty()) {
      throw new IllegalArgumentException("networks is empty: nobody could connect");
    }
    allowed = List.copyOf(networks);
  }

  void maxConnections(int max) {
    maxConnections = atLeastOne("maxConnections", max);
  }

  void maxConnectionsPerAddress(int max) {
    maxConnectionsPerAddress = atLeastOne("maxConnectionsPerAddress", max);
  }

  private static int atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          name + " " + value + " is not from 1 to " + Integer.MAX_VALUE);
    }
    return value;
  }

  Admission newAdmission() {
    return new Admission(allowed, maxConnections, maxConnectionsPerAddress);
  }

  void ipv6Only(boolean on) {
    ipv6Only = on;
  }

  void singleHop(boolean on) {
    singleHop = on;
  }

  void md5Key(IpNetwork network, Md5Key key) {
    md5Keys.put(Objects.requireNonNull(network, "network"), Objects.requireNonNull(key, "key"));
  }

  ListenSettings listenSettings() {
    return new ListenSettings(backlog, ipv6Only, singleHop, Map.copyOf(md5Keys));
  }

  void guard(TakeoverGuard newGuard, Duration timeout) {
    guard = Objects.requireNonNull(newGuard, "guard");
    guardTimeout = GuardCall.checked(timeout);
  }

  void journal(Journal newJournal) {
    journal = Objects.requireNonNull(newJournal, "journal");
  }

  WatchJournal newRecord() {
    return new WatchJournal(journal, KeepaliveServer::log);
  }

  /** Asks the guard; returns null where there is none. */
  Claim win() throws IOException {
    if (guard == null) {
      return null;
    }
    try {
      return ServingClaim.win(guard, guardTimeout);
    } catch (ClaimDeclinedException e) {
      newRecord().declined(e.getMessage());
      throw e;
    }
  }
}
