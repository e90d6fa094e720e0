package com.example.standby;

import io.github.keepalive4j.DeadMansSwitch;
import io.github.keepalive4j.KeepaliveServer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Scanner;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A source that is healthy while its jobs make progress. A job is a line of input. */
class HealthySource {
  private static final BlockingQueue<String> JOBS = new LinkedBlockingQueue<>();

  public static void main(String[] args) throws Exception {
    DeadMansSwitch alive = DeadMansSwitch.expiringAfter(Duration.ofSeconds(1));
    try (KeepaliveServer server =
        KeepaliveServer.builder().health(alive).open(new InetSocketAddress(args[0], 9999))) {
      System.out.println("serving at " + server.localAddress());
      Thread reader = new Thread(HealthySource::readJobs);
      reader.setDaemon(true);
      reader.start();
      String job = "";
      while (!job.equals("quit")) {
        alive.touch();
        job = Objects.requireNonNullElse(JOBS.poll(100, TimeUnit.MILLISECONDS), "");
        run(job);
      }
      server.standDown(); // without it the backups would take over
    }
  }

  private static void readJobs() {
    new Scanner(System.in, StandardCharsets.UTF_8).forEachRemaining(JOBS::add);
    JOBS.add("quit");
  }

  /** Stands for the work that the source is there for: a job is how many ms it takes. */
  private static void run(String job) throws InterruptedException {
    if (job.matches("\\d+")) {
      Thread.sleep(Long.parseLong(job));
      System.out.println("done: " + job);
    }
  }
}
