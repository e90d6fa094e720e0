package io.github.keepalive4j.support;

import io.github.keepalive4j.KeepaliveSocket;
import java.io.IOException;
import java.net.Socket;

/** Both ends of a link. */
public record LinkPair(KeepaliveSocket link, Socket source) implements AutoCloseable {
  /** Closes the source's end. */
  public void finish() throws IOException {
    source.close();
  }

  /** Resets the link from the source's end. */
  public void reset() throws IOException {
    source.setSoLinger(true, 0);
    source.close();
  }

  /** Sends a byte to the backup. */
  public void send(char octet) throws IOException {
    source.getOutputStream().write(octet);
  }

  @Override
  public void close() throws IOException {
    link.close();
    source.close();
  }
}
