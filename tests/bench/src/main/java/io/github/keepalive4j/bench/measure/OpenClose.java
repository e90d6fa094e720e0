package io.github.keepalive4j.bench.measure;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.bench.peer.Loopback;
import io.github.keepalive4j.bench.peer.PeerProcess;
import io.github.keepalive4j.bench.subject.JdkLink;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Measurement 5: connecting with the options, and closing, in turns of the same length. */
public final class OpenClose {
  public static final String NATIVE = "native";
  public static final String SOCKET_CHANNEL = "socketChannel";

  private static final int BATCH = 50;

  private final Random random = new Random();
  private final Loopback addresses = new Loopback();
  private final Map<String, Connector> connectors = new LinkedHashMap<>();

  /** Opens a link to a peer. */
  public interface Connector {
    Channel connect(InetSocketAddress peer) throws IOException;
  }

  public OpenClose() {
    connectors.put(NATIVE, peer -> KeepaliveSocket.connect(peer, KeepaliveOptions.defaults()));
    connectors.put(SOCKET_CHANNEL, JdkLink::connect);
  }

  /** Returns how many were opened and closed in a second, one sample a turn, by subject. */
  public Map<String, Samples> run(int warmUpTurns, int turns, Duration turn) throws IOException {
    Map<String, Samples> rates = new LinkedHashMap<>();
    connectors.keySet().forEach(key -> rates.put(key, new Samples(turns)));
    List<String> order = new ArrayList<>(connectors.keySet());
    try (PeerProcess peer = PeerProcess.releasing()) {
      for (int i = 0; i < warmUpTurns + turns; i++) {
        Collections.shuffle(order, random);
        for (String key : order) {
          long rate = rate(connectors.get(key), peer, turn);
          if (i >= warmUpTurns) {
            rates.get(key).add(rate);
          }
        }
      }
    }
    return rates;
  }

  private long rate(Connector connector, PeerProcess peer, Duration turn) throws IOException {
    long start = System.nanoTime();
    long count = 0;
    long elapsed;
    do {
      InetSocketAddress address = peer.at(addresses.next());
      for (int i = 0; i < BATCH; i++) {
        connector.connect(address).close();
      }
      count += BATCH;
      elapsed = System.nanoTime() - start;
    } while (elapsed < turn.toNanos());
    return count * 1_000_000_000L / elapsed;
  }
}
