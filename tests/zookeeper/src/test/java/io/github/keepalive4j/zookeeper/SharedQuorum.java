package io.github.keepalive4j.zookeeper;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** An ensemble of three for all tests of a class. */
final class SharedQuorum implements BeforeAllCallback, AfterAllCallback {
  private Quorum quorum;

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    quorum = Quorum.start();
  }

  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    quorum.close();
  }

  String connectString() {
    return quorum.connectString();
  }
}
