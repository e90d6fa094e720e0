package io.github.keepalive4j.support;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A source's end of the links. A test decides when it fails, and for which backup. */
public final class FailingSource implements AutoCloseable {
  private static final Duration ACCEPT_LIMIT = Duration.ofSeconds(60);
  private static final int BACKLOG = 1_024;

  private final ServerSocket listener = new ServerSocket();
  private final ConcurrentLinkedQueue<Socket> links = new ConcurrentLinkedQueue<>();

  /** Listens on the loopback interface, at a port that was free. */
  public FailingSource() throws IOException {
    this(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  /** Listens at this address of this host, at a port that was free. */
  public FailingSource(String address) throws IOException {
    this(new InetSocketAddress(address, 0));
  }

  /** Listens at the given address, for example that of a source that has vanished. */
  public FailingSource(InetSocketAddress address) throws IOException {
    listener.bind(address, BACKLOG);
    listener.setSoTimeout((int) ACCEPT_LIMIT.toMillis());
  }

  /** Returns where it listens. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.getLocalSocketAddress();
  }

  /** Accepts a backup, and waits for one to connect. */
  public void accept() throws IOException {
    links.add(listener.accept());
  }

  /** Accepts a backup if one connects in time; returns whether one did. */
  public boolean acceptWithin(Duration time) throws IOException {
    listener.setSoTimeout((int) time.toMillis());
    try {
      accept();
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } finally {
      listener.setSoTimeout((int) ACCEPT_LIMIT.toMillis());
    }
  }

  /** Accepts a backup with probes, and answers its first query with this byte. */
  public void answerOne(char octet) {
    try {
      Socket backup = listener.accept();
      links.add(backup);
      int query = backup.getInputStream().readNBytes(2)[1]; // after a Y
      if (query == 'Q') {
        backup.getOutputStream().write(octet);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Connects a link with the default options, and accepts it. The test closes the link. */
  public KeepaliveSocket connectLink() throws IOException {
    LinkPair pair = connect();
    links.add(pair.source());
    return pair.link();
  }

  /** Connects a link with the default options. The test holds both ends and closes them. */
  public LinkPair connect() throws IOException {
    return connect(KeepaliveOptions.defaults());
  }

  /** Connects one link at a time, so that the next one to be accepted is the one that connected. */
  public synchronized LinkPair connect(KeepaliveOptions options) throws IOException {
    KeepaliveSocket link = KeepaliveSocket.connect(address(), options);
    return new LinkPair(link, listener.accept());
  }

  /** Connects one link with probes at a time, and answers its first query. */
  public synchronized LinkPair connectProbing(KeepaliveOptions options) throws Exception {
    Background<Socket> answering =
        Background.start(
            () -> {
              Socket backup = listener.accept();
              backup.getInputStream().readNBytes(2); // Y and Q
              backup.getOutputStream().write('A');
              return backup;
            });
    return new LinkPair(KeepaliveSocket.connect(address(), options), answering.get());
  }

  /** Sends a byte to the backup that connected first. */
  public void send(char octet) throws IOException {
    links.element().getOutputStream().write(octet);
  }

  /** Closes the link of the backup that connected first. */
  public void failOne() throws IOException {
    links.remove().close();
  }

  /** Resets the link of the backup that connected first. */
  public void resetOne() throws IOException {
    Socket first = links.remove();
    first.setSoLinger(true, 0);
    first.close();
  }

  /** Closes all links. */
  public void failAll() throws IOException {
    List<Socket> all = new ArrayList<>(links);
    links.clear();
    for (Socket link : all) {
      link.close();
    }
  }

  /** Closes all links and accepts no more backups. */
  public void vanish() throws IOException {
    listener.close(); // first, else it takes a backup that comes again
    failAll();
  }

  @Override
  public void close() throws IOException {
    vanish();
  }
}
