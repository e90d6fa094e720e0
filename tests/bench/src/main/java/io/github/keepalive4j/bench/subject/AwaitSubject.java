package io.github.keepalive4j.bench.subject;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;

/** This project's {@link KeepaliveSocket#awaitFailure}, with a thread for each link. */
final class AwaitSubject implements Subject {
  private final ExecutorService threads = LinkThreads.named("bench-await");
  private final Set<KeepaliveSocket> links = ConcurrentHashMap.newKeySet();
  private final FailureSink sink;

  AwaitSubject(FailureSink sink) {
    this.sink = sink;
  }

  @Override
  public int watch(InetSocketAddress peer, int slot) throws IOException {
    KeepaliveSocket link = KeepaliveSocket.connect(peer, KeepaliveOptions.defaults());
    links.add(link);
    int port = link.localAddress().getPort();
    threads.execute(() -> await(link, slot));
    return port;
  }

  private void await(KeepaliveSocket link, int slot) {
    try (link) {
      link.awaitFailure();
      sink.failed(slot);
    } catch (IOException | InterruptedException e) {
      return; // closed by close()
    } finally {
      links.remove(link);
    }
  }

  @Override
  public void close() throws IOException {
    for (KeepaliveSocket link : links) {
      link.close();
    }
    LinkThreads.end(threads);
  }
}
