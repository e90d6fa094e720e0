package io.github.keepalive4j.zookeeper;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A source's end of the links. A test decides when it fails for which backup. */
public final class MortalSource implements AutoCloseable {
  private final ServerSocket listener = new ServerSocket();
  private final ConcurrentLinkedQueue<Socket> links = new ConcurrentLinkedQueue<>();

  public MortalSource() throws IOException {
    this(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  /** Listens at the given address, for example that of a source that has vanished. */
  public MortalSource(InetSocketAddress address) throws IOException {
    listener.bind(address);
  }

  public InetSocketAddress address() {
    return (InetSocketAddress) listener.getLocalSocketAddress();
  }

  /** Accepts a backup, and waits for one to connect. */
  public void accept() throws IOException {
    links.add(listener.accept());
  }

  /** Closes the link of the backup that connected first. */
  void failOne() throws IOException {
    links.remove().close();
  }

  public void failAll() throws IOException {
    List<Socket> all = new ArrayList<>(links);
    links.clear();
    for (Socket link : all) {
      link.close();
    }
  }

  /** Closes all links and accepts no more backups. */
  public void vanish() throws IOException {
    failAll();
    listener.close();
  }

  @Override
  public void close() throws IOException {
    vanish();
  }
}
