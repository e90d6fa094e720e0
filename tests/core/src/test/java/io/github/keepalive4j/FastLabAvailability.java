package io.github.keepalive4j;

import io.github.keepalive4j.testkit.Lab;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

final class FastLabAvailability implements BeforeAllCallback {
  @Override
  public void beforeAll(ExtensionContext context) {
    Lab.unavailabilityCause().ifPresent(FastNeeds::giveUp);
  }
}
