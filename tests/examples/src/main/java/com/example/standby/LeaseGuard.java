package com.example.standby;

import io.github.keepalive4j.AbstractClaim;
import io.github.keepalive4j.Claim;
import io.github.keepalive4j.ClaimDeclinedException;
import io.github.keepalive4j.ClaimRequest;
import io.github.keepalive4j.TakeoverGuard;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Lets one backup take over: the holder of a lease at a {@link LeaseService}. */
class LeaseGuard implements TakeoverGuard {
  private static final Duration STEP = LeaseService.LEASE.dividedBy(3);

  private final HttpClient http = HttpClient.newHttpClient();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(LeaseGuard::newDaemon);
  private final URI lease;

  LeaseGuard(URI lease) {
    this.lease = lease;
  }

  private static Thread newDaemon(Runnable task) {
    Thread thread = new Thread(task, "lease");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public Claim claim(ClaimRequest request) throws IOException, InterruptedException {
    long sentNs = System.nanoTime();
    HttpResponse<String> answer = send("POST", 0, request.remaining());
    if (answer.statusCode() != 201) {
      throw new ClaimDeclinedException(lease + ": " + answer.body());
    }
    return new Lease(Long.parseLong(answer.body()), sentNs);
  }

  private HttpResponse<String> send(String method, long token, Duration timeout)
      throws IOException, InterruptedException {
    HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.ofString(Long.toString(token));
    HttpRequest request =
        HttpRequest.newBuilder(lease).method(method, body).timeout(timeout).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private final class Lease extends AbstractClaim {
    private final long token;
    private final ScheduledFuture<?> renewal;

    private Lease(long token, long sentNs) {
      this.token = token;
      renew(sentNs + LeaseService.LEASE.toNanos());
      renewal =
          clock.scheduleWithFixedDelay(
              this::extend, STEP.toNanos(), STEP.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void extend() {
      long sentNs = System.nanoTime();
      try {
        HttpResponse<String> answer = send("PUT", token, STEP);
        if (answer.statusCode() == 204) {
          renew(sentNs + LeaseService.LEASE.toNanos());
        } else {
          lose(answer.body(), System.nanoTime());
        }
      } catch (IOException | InterruptedException e) {
        if (isValid()) { // this loses it where the lease has ended meanwhile
          System.out.println("the lease isn't renewed: " + e);
        }
      }
    }

    @Override
    protected void giveUp() {
      renewal.cancel(false);
      try {
        send("DELETE", token, STEP);
      } catch (IOException | InterruptedException e) {
        System.out.println("the lease ends by itself: " + e);
      }
    }

    @Override
    public OptionalLong token() {
      return OptionalLong.of(token);
    }

    @Override
    public Optional<String> resource() {
      return Optional.of(lease.toString());
    }

    @Override
    public String description() {
      return "lease " + token + " of " + lease;
    }
  }
}
