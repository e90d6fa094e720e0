package io.github.keepalive4j.soak;

import io.github.keepalive4j.testkit.Lab;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Tests that are skipped, or under continuous integration fail, where labs cannot be opened. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresLab.Check.class)
public @interface RequiresLab {
  /** Asks for the lab's privileges and tools. */
  final class Check implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
      Lab.unavailabilityCause().ifPresent(Check::giveUp);
    }

    private static void giveUp(String cause) {
      if (Boolean.parseBoolean(System.getenv("CI"))) {
        Assertions.fail(cause);
      }
      Assumptions.abort(cause);
    }
  }
}
