package io.github.keepalive4j.support;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Tests that are skipped, or under continuous integration fail, where labs cannot be opened. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresLab.Check.class)
public @interface RequiresLab {
  /** Asks before the class, or before the method where only the method is marked. */
  final class Check implements BeforeAllCallback, BeforeEachCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
      Needs.lab();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
      Needs.lab();
    }
  }
}
