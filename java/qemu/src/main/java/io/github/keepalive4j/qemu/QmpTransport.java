package io.github.keepalive4j.qemu;

import static java.nio.channels.SelectionKey.OP_CONNECT;
import static java.nio.channels.SelectionKey.OP_READ;
import static java.nio.channels.SelectionKey.OP_WRITE;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.keepalive4j.qemu.QmpConnectionException.Fault;
import java.io.Closeable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A QMP socket and the thread that reads and writes it. The thread never blocks on the peer. Data
 * that the peer does not read waits in a queue, and the callers' timeouts end the wait.
 */
final class QmpTransport {

  private static final int READ_BYTES = 65_536;
  private static final long PAUSE_MS = 10;

  private final SocketAddress address;
  private final SocketChannel channel;
  private final Selector selector;
  private final SelectionKey key;
  private final QmpFraming framing;
  private final Queue<ByteBuffer> outgoing = new ConcurrentLinkedQueue<>();
  private final AtomicReference<QmpConnectionException> fault = new AtomicReference<>();
  private Receiver receiver;

  /** Receives what arrives, on the transport's thread. */
  interface Receiver {
    void message(JsonNode message) throws QmpProtocolFault;

    void closed(QmpConnectionException fault);
  }

  private QmpTransport(
      SocketAddress address, SocketChannel channel, Selector selector, int maxMessageBytes)
      throws IOException {
    this.address = address;
    this.channel = channel;
    this.selector = selector;
    this.key = channel.register(selector, OP_READ);
    this.framing = new QmpFraming(maxMessageBytes);
  }

  static QmpTransport connect(SocketAddress address, Duration timeout, int maxMessageBytes)
      throws QmpConnectionException, InterruptedException {
    try {
      return openWhenThereIsRoom(address, System.nanoTime() + timeout.toNanos(), maxMessageBytes);
    } catch (QmpConnectionException e) {
      throw e;
    } catch (ClosedByInterruptException e) {
      Thread.interrupted();
      throw (InterruptedException) new InterruptedException(e.toString()).initCause(e);
    } catch (IOException e) {
      throw new QmpConnectionException(
          Fault.UNREACHABLE, "cannot connect to " + address + ": " + e.getMessage(), e);
    }
  }

  /** A QEMU that is stopped accepts nobody. Once its backlog is full, the kernel refuses others. */
  private static QmpTransport openWhenThereIsRoom(
      SocketAddress address, long deadlineNs, int maxMessageBytes)
      throws IOException, InterruptedException {
    while (true) {
      try {
        return open(address, deadlineNs, maxMessageBytes);
      } catch (SocketException e) {
        if (!isBacklogFull(address, e)) {
          throw e;
        }
        if (System.nanoTime() >= deadlineNs) {
          throw new QmpConnectionException(Fault.TIMED_OUT, address + " accepts nobody", e);
        }
      }
      Thread.sleep(PAUSE_MS);
    }
  }

  /** A socket without a listener is a ConnectException. Java tells EAGAIN by its text alone. */
  private static boolean isBacklogFull(SocketAddress address, SocketException e) {
    return address instanceof UnixDomainSocketAddress socket
        && !(e instanceof ConnectException)
        && Files.isWritable(socket.getPath());
  }

  private static QmpTransport open(SocketAddress address, long deadlineNs, int maxMessageBytes)
      throws IOException, InterruptedException {
    requireNotInterrupted(address); // a connect that succeeds at once would not notice it
    SocketChannel channel = QmpAddress.open(address);
    Selector selector = null;
    QmpTransport transport = null;
    try {
      selector = Selector.open();
      channel.configureBlocking(false);
      if (!channel.connect(address)) {
        awaitConnected(address, channel, selector, deadlineNs);
      }
      transport = new QmpTransport(address, channel, selector, maxMessageBytes);
      return transport;
    } finally {
      if (transport == null) {
        closeQuietly(channel);
        closeQuietly(selector);
      }
    }
  }

  private static void awaitConnected(
      SocketAddress address, SocketChannel channel, Selector selector, long deadlineNs)
      throws IOException, InterruptedException {
    channel.register(selector, OP_CONNECT);
    while (!channel.finishConnect()) {
      long leftMs = (deadlineNs - System.nanoTime()) / 1_000_000;
      if (leftMs <= 0) {
        throw new QmpConnectionException(Fault.TIMED_OUT, "no connection to " + address);
      }
      selector.select(leftMs);
      requireNotInterrupted(address);
    }
  }

  private static void requireNotInterrupted(SocketAddress address) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("while connecting to " + address);
    }
  }

  void start(Receiver to) {
    receiver = to;
    Thread thread = new Thread(this::run, "qmp " + address);
    thread.setDaemon(true);
    thread.start();
  }

  void send(ByteBuffer bytes) {
    outgoing.add(bytes);
    selector.wakeup();
  }

  /** Ends the connection. The first fault is kept; later calls do nothing. */
  void close(QmpConnectionException because) {
    if (fault.compareAndSet(null, because)) {
      selector.wakeup();
      receiver.closed(because);
    }
  }

  @Nullable QmpConnectionException fault() {
    return fault.get();
  }

  private void run() {
    ByteBuffer incoming = ByteBuffer.allocateDirect(READ_BYTES);
    try {
      while (fault.get() == null) {
        selector.select();
        selector.selectedKeys().clear();
        write();
        read(incoming);
      }
    } catch (QmpProtocolFault e) {
      close(new QmpConnectionException(e.fault(), address + " sent " + e.getMessage(), e));
    } catch (IOException e) {
      close(new QmpConnectionException(Fault.ENDED, address + ": " + e.getMessage(), e));
    } finally {
      closeQuietly(channel);
      closeQuietly(selector);
      close(new QmpConnectionException(Fault.ENDED, address + ": its thread ended"));
    }
  }

  private void write() throws IOException {
    ByteBuffer head = outgoing.peek();
    while (head != null) {
      channel.write(head);
      if (head.hasRemaining()) {
        key.interestOps(OP_READ | OP_WRITE);
        return;
      }
      outgoing.remove();
      head = outgoing.peek();
    }
    key.interestOps(OP_READ);
  }

  private void read(ByteBuffer incoming) throws IOException, QmpProtocolFault {
    int count = channel.read(incoming.clear());
    if (count < 0) {
      throw new IOException(
          framing.isInsideMessage()
              ? "the peer closed the connection in the middle of a message"
              : "the peer closed the connection");
    }
    framing.feed(incoming.flip(), receiver::message);
  }

  private static void closeQuietly(@Nullable Closeable resource) {
    if (resource != null) {
      try {
        resource.close();
      } catch (IOException e) {
        // the descriptor is closed either way
      }
    }
  }
}
