package io.github.keepalive4j.internal.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.internal.Errno;
import io.github.keepalive4j.internal.LinkEvent;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The cause in the text of an exception of the JDK's, which has nothing else to tell it. */
class NioFailureTest {
  @ParameterizedTest
  @CsvSource({
    "Connection timed out, TIMED_OUT, ETIMEDOUT",
    "Connection reset, RESET, ECONNRESET",
    "Connection reset by peer, RESET, ECONNRESET",
    "Broken pipe, RESET, EPIPE",
    "Software caused connection abort, ABORTED, ECONNABORTED",
    "Operation not permitted, ABORTED, EPERM",
    "Function not implemented, ABORTED, ENOSYS",
    "No route to host, UNREACHABLE, EHOSTUNREACH",
    "Network is unreachable, UNREACHABLE, ENETUNREACH",
    "Network is down, UNREACHABLE, ENETDOWN",
    "Host is down, UNREACHABLE, EHOSTDOWN",
    "Machine is not on the network, UNREACHABLE, ENONET",
    "Connection refused, UNREACHABLE, ECONNREFUSED"
  })
  void theTextTellsTheCause(String text, FailureCause cause, Errno errno) {
    LinkEvent event = NioFailure.of(new IOException(text));
    assertEquals(LinkEvent.Type.FAILED, event.type());
    assertEquals(cause, event.cause());
    assertEquals(errno.number(), event.errno());
  }

  @Test
  void anUnknownTextIsUnreachableWithoutAnErrno() {
    LinkEvent event = NioFailure.of(new IOException("no such text"));
    assertEquals(FailureCause.UNREACHABLE, event.cause());
    assertEquals(0, event.errno());
  }
}
