package io.github.keepalive4j.bench.subject;

import java.io.IOException;

/** The subjects by name, in the order in which reports list them. */
public enum Contender {
  FLOOR("floor", "floor: C thread in poll(2)"),
  FLOOR_EVIDENCE("floorEvidence", "C thread: poll, recv, TCP_INFO"),
  NATIVE("native", "keepalive4j monitor"),
  NATIVE_EXECUTOR("nativeExecutor", "keepalive4j monitor, own executor"),
  NATIVE_AWAIT("nativeAwait", "keepalive4j awaitFailure"),
  JDK_SELECTOR("jdkSelector", "JDK Selector"),
  JDK_BLOCKING("jdkBlocking", "JDK blocking read"),
  NETTY("netty", "Netty native epoll");

  private final String key;
  private final String title;

  Contender(String key, String title) {
    this.key = key;
    this.title = title;
  }

  /** Returns the contender with this key. */
  public static Contender of(String key) {
    for (Contender contender : values()) {
      if (contender.key.equals(key)) {
        return contender;
      }
    }
    throw new IllegalArgumentException("no contender " + key);
  }

  /** Returns the name in JSON. */
  public String key() {
    return key;
  }

  /** Returns the name for people. */
  public String title() {
    return title;
  }

  /** Tells whether it takes a thread for each link. */
  public boolean isThreadPerLink() {
    return this == NATIVE_AWAIT || this == JDK_BLOCKING;
  }

  /** Starts the subject; it stamps failures in {@code stamps}. */
  public Subject open(Stamps stamps) throws IOException {
    return switch (this) {
      case FLOOR -> new FloorSubject(stamps, false);
      case FLOOR_EVIDENCE -> new FloorSubject(stamps, true);
      case NATIVE -> MonitorSubject.onItsThread(stamps);
      case NATIVE_EXECUTOR -> MonitorSubject.onDefaultExecutor(stamps);
      case NATIVE_AWAIT -> new AwaitSubject(stamps);
      case JDK_SELECTOR -> new SelectorSubject(stamps);
      case JDK_BLOCKING -> new BlockingSubject(stamps);
      case NETTY -> new NettySubject(stamps);
    };
  }
}
