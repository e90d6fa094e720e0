package io.github.keepalive4j.internal.shim;

import io.github.keepalive4j.internal.Errno;

/** The options and steps that set up a link's socket: {@code enum ka_option}. */
enum Option {
  SO_KEEPALIVE(0),
  TCP_KEEPCNT(1),
  TCP_KEEPIDLE(2),
  TCP_KEEPINTVL(3),
  TCP_USER_TIMEOUT(4),
  TCP_SYNCNT(5),
  TCP_NODELAY(6),
  SO_MARK(7),
  TCP_RTO_MIN_US(8),
  IP_MINTTL(9),
  SOCKET(10),
  SO_BINDTODEVICE(11),
  BIND(12),
  TCP_MD5SIG(13),
  LISTEN(14),
  ROUTE(15);

  private final int index;

  Option(int index) {
    this.index = index;
  }

  /** Returns where the option's value stands in {@code struct ka_config}. */
  int offset() {
    return index * Long.BYTES;
  }

  /** Returns the option's name, and what the kernel's error means if that isn't clear. */
  String refusedWith(int errno) {
    boolean notBuiltIn = this == TCP_MD5SIG && errno == Errno.ENOPROTOOPT.number();
    return notBuiltIn ? name() + " (this kernel was built without CONFIG_TCP_MD5SIG)" : name();
  }

  static Option of(int index) {
    for (Option option : values()) {
      if (option.index == index) {
        return option;
      }
    }
    throw new IllegalArgumentException("no option has the index " + index);
  }
}
