package io.github.keepalive4j;

import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs the tests of a class on the shim and on the JDK alone. */
@ParameterizedClass
@EnumSource(Transport.class)
public abstract class EachTransport {
  @Parameter public Transport transport;

  @BeforeEach
  public void selectTransport() {
    System.setProperty(Transport.PROPERTY, transport.name().toLowerCase(Locale.ROOT));
  }

  @AfterEach
  public void unselectTransport() {
    System.clearProperty(Transport.PROPERTY);
  }

  public boolean isNative() {
    return transport == Transport.NATIVE;
  }
}
