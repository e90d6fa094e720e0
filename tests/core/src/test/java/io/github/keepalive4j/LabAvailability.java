package io.github.keepalive4j;

import io.github.keepalive4j.testkit.Lab;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Asks for the lab's privileges and tools before a test that needs them. */
final class LabAvailability implements BeforeEachCallback {
  @Override
  public void beforeEach(ExtensionContext context) {
    Lab.unavailabilityCause().ifPresent(Needs::lack);
  }
}
