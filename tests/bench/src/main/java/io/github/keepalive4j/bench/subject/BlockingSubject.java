package io.github.keepalive4j.bench.subject;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;

/** The JDK's blocking read, with a thread for each link. */
final class BlockingSubject implements Subject {
  private final ExecutorService threads = LinkThreads.named("bench-blocking");
  private final Set<SocketChannel> channels = ConcurrentHashMap.newKeySet();
  private final FailureSink sink;

  BlockingSubject(FailureSink sink) {
    this.sink = sink;
  }

  @Override
  public int watch(InetSocketAddress peer, int slot) throws IOException {
    SocketChannel channel = JdkLink.connect(peer);
    channels.add(channel);
    int port = JdkLink.localPort(channel);
    threads.execute(() -> read(channel, ByteBuffer.allocateDirect(1), slot));
    return port;
  }

  private void read(SocketChannel channel, ByteBuffer buffer, int slot) {
    try (channel) {
      channel.read(buffer);
      sink.failed(slot);
    } catch (ClosedChannelException e) {
      return; // closed by close()
    } catch (IOException e) {
      sink.failed(slot);
    } finally {
      channels.remove(channel);
    }
  }

  @Override
  public void close() throws IOException {
    for (SocketChannel channel : channels) {
      channel.close();
    }
    LinkThreads.end(threads);
  }
}
