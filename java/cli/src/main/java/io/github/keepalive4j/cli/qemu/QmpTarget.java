package io.github.keepalive4j.cli.qemu;

import io.github.keepalive4j.cli.output.Messages;
import io.github.keepalive4j.qemu.QmpAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A QEMU's QMP socket.
 *
 * @param name the address as the user wrote it
 * @param address where it is
 */
public record QmpTarget(String name, SocketAddress address) {

  /** Takes {@code /run/backup.qmp}, {@code unix:/run/backup.qmp} and {@code tcp:127.0.0.1:4444}. */
  public static final class Converter implements ITypeConverter<QmpTarget> {
    @Override
    public QmpTarget convert(String text) {
      SocketAddress address;
      try {
        address = QmpAddress.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(Messages.of(e));
      }
      if (address instanceof InetSocketAddress host && host.isUnresolved()) {
        throw new TypeConversionException("unknown host " + host.getHostString());
      }
      return new QmpTarget(text, address);
    }
  }
}
