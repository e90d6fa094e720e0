package io.github.keepalive4j.drivers.server;

import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The two questions that {@link AnswersProgram} takes by gRPC, by HTTP and as lines. */
public final class Answers {
  public static final int GRPC_PORT = 9090;
  public static final int HTTP_PORT = 8080;
  public static final int ECHO_PORT = 7;
  public static final String ANSWERED = "answered";
  public static final String UNANSWERED = "unanswered";

  public static final MethodDescriptor<String, String> METHOD =
      MethodDescriptor.<String, String>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("drivers.Answers/Ask")
          .setRequestMarshaller(new Text())
          .setResponseMarshaller(new Text())
          .build();

  private Answers() {}

  /** Text in place of generated messages. */
  private static final class Text implements MethodDescriptor.Marshaller<String> {
    @Override
    public InputStream stream(String value) {
      return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String parse(InputStream stream) {
      try {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
