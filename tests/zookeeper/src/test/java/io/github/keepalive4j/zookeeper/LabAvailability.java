package io.github.keepalive4j.zookeeper;

import io.github.keepalive4j.testkit.Lab;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

final class LabAvailability implements BeforeAllCallback {
  @Override
  public void beforeAll(ExtensionContext context) {
    Lab.unavailabilityCause().ifPresent(LabAvailability::giveUp);
  }

  private static void giveUp(String cause) {
    if (Boolean.parseBoolean(System.getenv("CI"))) {
      Assertions.fail(cause);
    }
    Assumptions.abort(cause);
  }
}
