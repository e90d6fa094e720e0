package io.github.keepalive4j.drivers.client;

import com.mysql.cj.conf.PropertySet;
import com.mysql.cj.protocol.StandardSocketFactory;
import io.github.keepalive4j.sockets.DeadPeerSocketFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import javax.net.SocketFactory;

/** MySQL's factory, with sockets of ours. */
public final class MySqlSocketFactory extends StandardSocketFactory {
  private final SocketFactory sockets = new DeadPeerSocketFactory();

  @Override
  protected Socket createSocket(PropertySet properties) {
    try {
      return sockets.createSocket();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
