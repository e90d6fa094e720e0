package io.github.keepalive4j.drivers.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Servers for gRPC, HTTP and lines. They leave one question of two unanswered. */
public final class AnswersProgram {
  /** Keeps what isn't answered from being collected, which would end it. */
  private static final List<Object> UNANSWERED = Collections.synchronizedList(new ArrayList<>());

  private AnswersProgram() {}

  public static void main(String[] arguments) throws IOException {
    String address = arguments[0];
    HttpServer http = HttpServer.create(new InetSocketAddress(address, Answers.HTTP_PORT), 0);
    http.createContext("/", AnswersProgram::answer);
    http.start();
    NettyServerBuilder.forAddress(new InetSocketAddress(address, Answers.GRPC_PORT))
        .addService(
            ServerServiceDefinition.builder("drivers.Answers")
                .addMethod(Answers.METHOD, ServerCalls.asyncUnaryCall(AnswersProgram::answer))
                .build())
        .build()
        .start();
    ServerSocket echo = new ServerSocket(Answers.ECHO_PORT, 50, InetAddress.getByName(address));
    System.out.println("ready");
    while (true) {
      Socket client = echo.accept();
      new Thread(() -> echo(client), "echo").start();
    }
  }

  private static void echo(Socket client) {
    try (BufferedReader questions =
        new BufferedReader(
            new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = questions.readLine(); line != null; line = questions.readLine()) {
        if (!line.equals(Answers.UNANSWERED)) {
          client.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void answer(String question, StreamObserver<String> answer) {
    if (question.equals(Answers.UNANSWERED)) {
      UNANSWERED.add(answer);
    } else {
      answer.onNext(question);
      answer.onCompleted();
    }
  }

  private static void answer(HttpExchange exchange) throws IOException {
    byte[] question = exchange.getRequestBody().readAllBytes();
    if (new String(question, StandardCharsets.UTF_8).equals(Answers.UNANSWERED)) {
      UNANSWERED.add(exchange);
    } else {
      exchange.sendResponseHeaders(200, question.length);
      exchange.getResponseBody().write(question);
      exchange.close();
    }
  }
}
