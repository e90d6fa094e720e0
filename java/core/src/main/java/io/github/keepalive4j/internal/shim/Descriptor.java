package io.github.keepalive4j.internal.shim;

import io.github.keepalive4j.internal.LinkDescriptors;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.ClosedChannelException;

/**
 * A file descriptor that is closed only after its last use, because the kernel may reuse its number
 * at once.
 *
 * <p>{@code users} counts those under way; {@link #CLOSED} is added once {@link #beginClose} was
 * called, and {@link #GONE} stands for a descriptor that has been closed.
 */
final class Descriptor {
  private static final int CLOSED = 1 << 30;
  private static final int GONE = CLOSED | 1 << 29;
  private static final VarHandle USERS;

  static {
    try {
      USERS = MethodHandles.lookup().findVarHandle(Descriptor.class, "users", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final int fd;
  private volatile int users;
  private int wakeFd = -1; // guarded by this; made for the first wait

  /** Takes over a descriptor; the caller must hold a use of the shim. */
  Descriptor(int fd) {
    ShimLibrary.acquireAnother();
    this.fd = fd;
    LinkDescriptors.add(fd, this);
  }

  /** Begins a use, which {@link #release} ends. */
  int acquire() throws ClosedChannelException {
    int seen = (int) USERS.getAndAdd(this, 1);
    if (seen >= CLOSED) {
      release();
      throw new ClosedChannelException();
    }
    return fd;
  }

  /** Ends a use; the last one after {@link #beginClose} closes the descriptor. */
  void release() {
    int left = (int) USERS.getAndAdd(this, -1) - 1;
    if (left == CLOSED && USERS.compareAndSet(this, CLOSED, GONE)) {
      Shim.ka_close(fd);
      LinkDescriptors.remove(fd, this);
      closeWakeFd();
      ShimLibrary.release();
    }
  }

  /** Returns what {@link #wake} signals, or -errno. For the holder of a use. */
  synchronized int wakeFd() {
    if (wakeFd < 0) {
      wakeFd = Shim.ka_wake_open();
    }
    return wakeFd;
  }

  /** Ends the wait on this descriptor, or the next one if none has begun. */
  void wake() {
    try {
      acquire();
    } catch (ClosedChannelException e) {
      return; // closing ends the wait, too
    }
    try {
      signal();
    } finally {
      release();
    }
  }

  private synchronized void signal() {
    if (wakeFd >= 0) {
      Shim.ka_wake(wakeFd);
    }
  }

  private synchronized void closeWakeFd() {
    if (wakeFd >= 0) {
      Shim.ka_close(wakeFd);
    }
  }

  boolean isClosed() {
    return users >= CLOSED;
  }

  /** Refuses further uses and begins the closer's own; returns false if it was called before. */
  boolean beginClose() {
    int seen;
    do {
      seen = users;
      if (seen >= CLOSED) {
        return false;
      }
    } while (!USERS.compareAndSet(this, seen, (seen | CLOSED) + 1));
    return true;
  }

  /** Tells whether there is a use besides the caller's. */
  boolean isShared() {
    return users != (CLOSED | 1);
  }

  /** Returns the descriptor's number; the caller must hold a use. */
  int number() {
    return fd;
  }
}
