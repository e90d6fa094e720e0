package io.github.keepalive4j.cli.guard;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** An ensemble for all tests of a class; its sessions outlive the pauses of a busy machine. */
final class SharedEnsemble implements BeforeAllCallback, AfterAllCallback {
  private ClaimServer server;

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    server = ClaimServer.start();
  }

  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    server.close();
  }

  ClaimServer server() {
    return server;
  }
}
