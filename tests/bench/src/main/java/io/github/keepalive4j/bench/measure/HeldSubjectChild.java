package io.github.keepalive4j.bench.measure;

import io.github.keepalive4j.bench.subject.Contender;
import io.github.keepalive4j.bench.subject.Stamps;
import io.github.keepalive4j.bench.subject.Subject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Scanner;

/** The JVM of {@link HeldSubject}. */
public final class HeldSubjectChild {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private HeldSubjectChild() {}

  /**
   * Takes the subject's key and the greatest number of links. Each line on standard input is a port
   * and a number of links. It prints a line once it watches them. Once all have failed, it prints
   * the first and the last stamp, on {@link System#nanoTime()}'s clock.
   */
  public static void main(String[] arguments) throws IOException {
    Stamps stamps = new Stamps(Integer.parseInt(arguments[1]));
    Scanner input = new Scanner(System.in, StandardCharsets.US_ASCII);
    try (Subject subject = Contender.of(arguments[0]).open(stamps)) {
      while (input.hasNextInt()) {
        InetAddress here = InetAddress.getLoopbackAddress();
        InetSocketAddress peer = new InetSocketAddress(here, input.nextInt());
        int links = input.nextInt();
        stamps.clear();
        for (int slot = 0; slot < links; slot++) {
          subject.watch(peer, slot);
        }
        System.out.println("watching");
        stamps.awaitAll(links, TIMEOUT);
        System.out.println(stamps.first(links) + " " + stamps.last(links));
      }
    }
  }
}
