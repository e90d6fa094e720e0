package io.github.keepalive4j.sockets;

import io.github.keepalive4j.internal.LinkDescriptors;
import io.github.keepalive4j.sockets.internal.Exempt;

/** This library's own links, whose options are their owner's. */
final class OwnLinks implements Exempt {
  @Override
  public boolean areComplete() {
    return LinkDescriptors.areComplete();
  }

  @Override
  public boolean contain(int fd) {
    return LinkDescriptors.contain(fd);
  }
}
