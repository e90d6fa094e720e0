package io.github.keepalive4j.bench.jmh;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.bench.peer.Loopback;
import io.github.keepalive4j.bench.peer.PeerProcess;
import io.github.keepalive4j.bench.subject.JdkLink;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Measurement 5: connecting with the options, and closing. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Thread)
public class OpenCloseBenchmark {
  private final Loopback addresses = new Loopback();
  private PeerProcess peer;

  @Setup(Level.Trial)
  public void open() throws IOException {
    peer = PeerProcess.releasing();
  }

  @Benchmark
  public void keepaliveSocket() throws IOException {
    KeepaliveSocket.connect(peer.at(addresses.next()), KeepaliveOptions.defaults()).close();
  }

  @Benchmark
  public void socketChannel() throws IOException {
    JdkLink.connect(peer.at(addresses.next())).close();
  }

  @TearDown(Level.Trial)
  public void close() throws IOException {
    peer.close();
  }
}
