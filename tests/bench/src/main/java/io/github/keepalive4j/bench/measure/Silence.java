package io.github.keepalive4j.bench.measure;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.bench.peer.BenchLibrary;
import io.github.keepalive4j.bench.peer.LocalPeer;
import io.github.keepalive4j.bench.subject.Contender;
import io.github.keepalive4j.bench.subject.Stamps;
import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.Lab;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Measurement 2: the peer falls silent. Between two network namespaces, many links of each subject
 * are cut at one instant. Every subject has a link at each of the random phases. The kernel's
 * timers are late by tens of ms; so they are late for all subjects alike. Which timer of a phase
 * comes first is chance, so one cut shows no differences below 0.2 ms.
 */
public final class Silence {
  private static final Duration SPREAD = Duration.ofSeconds(1);
  private static final Duration PROBING = Duration.ofMillis(2500);
  private static final Duration UNTIL_EVIDENCE = Duration.ofMillis(500);
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final KeepaliveOptions OPTIONS = KeepaliveOptions.defaults();
  private static final long BUDGET_NS =
      OPTIONS.idle().plus(OPTIONS.interval().multipliedBy(OPTIONS.count())).toNanos();

  private final List<Contender> contenders;
  private final int linksEach;
  private final Random random = new Random();
  private final int[] ports;

  public Silence(Collection<Contender> contenders, int linksEach) {
    this.contenders = List.copyOf(contenders);
    this.linksEach = linksEach;
    ports = new int[contenders.size() * linksEach];
  }

  /**
   * Cuts links, new ones each time.
   *
   * @return for each link, in ns and in the order of the phases, the callback minus (last segment
   *     heard + idle + interval x count)
   */
  public Map<String, Samples> run(int cuts) throws Exception {
    Map<String, Samples> excess = new LinkedHashMap<>();
    contenders.forEach(contender -> excess.put(contender.key(), new Samples(cuts * linksEach)));
    for (int cut = 0; cut < cuts; cut++) {
      try (Lab lab = Lab.open();
          LocalPeer peer = lab.source().call(LocalPeer::new)) {
        lab.backup()
            .call(() -> cut(lab, peer))
            .forEach((key, samples) -> excess.get(key).add(samples));
      }
    }
    return excess;
  }

  private Map<String, Samples> cut(Lab lab, LocalPeer peer) throws Exception {
    Stamps stamps = new Stamps(ports.length);
    InetSocketAddress address = peer.at(lab.source().ipv4());
    List<Integer> peerEnds = new ArrayList<>();
    try (Subjects subjects = Subjects.open(stamps, contenders)) {
      connect(subjects, peer, address, peerEnds);
      Pause.sleep(PROBING);
      try (Fault cut = lab.source().drop()) {
        return await(stamps, address.getPort(), cut);
      }
    } finally {
      LocalPeer.closeAll(peerEnds);
    }
  }

  private void connect(
      Subjects subjects, LocalPeer peer, InetSocketAddress address, List<Integer> peerEnds)
      throws IOException {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < contenders.size(); i++) {
      order.add(i);
    }
    for (int link = 0; link < linksEach; link++) {
      Collections.shuffle(order, random);
      for (int subject : order) {
        int slot = slot(subject, link);
        ports[slot] = subjects.get(contenders.get(subject).key()).watch(address, slot);
        peerEnds.add(peer.accept());
      }
      Pause.sleep(Duration.ofNanos(random.nextLong(2 * SPREAD.toNanos() / linksEach)));
    }
  }

  private int slot(int subject, int link) {
    return subject * linksEach + link;
  }

  private Map<String, Samples> await(Stamps stamps, int port, Fault cut) throws IOException {
    Pause.sleep(UNTIL_EVIDENCE);
    long[] lastHeardNs = new long[ports.length];
    BenchLibrary.check(
        "reading when links were heard",
        BenchLibrary.kb_last_heard(port, ports, lastHeardNs, ports.length));
    stamps.awaitAll(ports.length, TIMEOUT);
    Map<String, Samples> excess = new LinkedHashMap<>();
    for (int subject = 0; subject < contenders.size(); subject++) {
      Samples samples = new Samples(linksEach);
      for (int link = 0; link < linksEach; link++) {
        int slot = slot(subject, link);
        if (lastHeardNs[slot] == 0 || lastHeardNs[slot] > cut.effectiveNs()) {
          throw new IOException("no evidence of link " + slot + " from before the cut");
        }
        samples.add(stamps.get(slot) - lastHeardNs[slot] - BUDGET_NS);
      }
      excess.put(contenders.get(subject).key(), samples);
    }
    return excess;
  }
}
