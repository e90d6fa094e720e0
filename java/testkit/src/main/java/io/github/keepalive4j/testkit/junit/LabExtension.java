package io.github.keepalive4j.testkit.junit;

import io.github.keepalive4j.testkit.Lab;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Opens a {@link Lab} before a test and closes it afterwards. The test takes it as a parameter.
 *
 * <pre>{@code
 * @ExtendWith(LabExtension.class)
 * class FailoverTest {
 *   @Test
 *   void theStandbyTakesOver(Lab lab) throws Exception {
 *     Fault cut = lab.source().drop();
 *   }
 * }
 * }</pre>
 *
 * <p>For other hosts or networks, or one lab for all tests of a class, register it as a field:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final LabExtension LAB = LabExtension.perClass(Lab.builder().networks(2));
 * }</pre>
 *
 * <p>Where labs can't be opened, the tests are skipped with the reason. Where the environment
 * variable {@code CI} is {@code true} they fail instead, so that nobody takes them for passed.
 *
 * <p>Tests that run side by side each have their own lab, unless it is the class's.
 */
@SuppressWarnings("exports") // who registers it requires JUnit; javac would make all users do so
public final class LabExtension
    implements BeforeAllCallback,
        BeforeEachCallback,
        AfterEachCallback,
        AfterAllCallback,
        ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(LabExtension.class);

  private final boolean sharedByClass;
  private final Lab.Builder builder;

  /** Makes an extension that opens a lab of a source and a backup for each test. */
  public LabExtension() {
    this(false, Lab.builder());
  }

  private LabExtension(boolean sharedByClass, Lab.Builder builder) {
    this.sharedByClass = sharedByClass;
    this.builder = builder;
  }

  /**
   * Makes an extension that opens a lab for each test.
   *
   * @param lab which hosts and networks the labs have
   * @return an extension to register
   */
  public static LabExtension perTest(Lab.Builder lab) {
    return new LabExtension(false, Objects.requireNonNull(lab, "lab"));
  }

  /**
   * Makes an extension that opens one lab for the tests of a class and of the classes nested in it.
   * A test has to undo its faults.
   *
   * @param lab which hosts and networks the labs have
   * @return an extension to register as a static field
   */
  public static LabExtension perClass(Lab.Builder lab) {
    return new LabExtension(true, Objects.requireNonNull(lab, "lab"));
  }

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    if (sharedByClass && lab(context) == null) {
      open(context);
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    if (!sharedByClass) {
      open(context);
    } else if (lab(context) == null) {
      throw new ExtensionConfigurationException(
          "a LabExtension.perClass(…) has to be registered as a static field");
    }
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    if (!sharedByClass) {
      close(context);
    }
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    close(context);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Lab.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Lab lab = lab(context);
    if (lab == null) {
      throw new ExtensionConfigurationException(
          "there is no lab yet: a constructor or @BeforeAll method can take none, "
              + "except a @BeforeAll method the one of a LabExtension.perClass(…)");
    }
    return lab;
  }

  /** Skips, or fails under continuous integration, if something is lacking. */
  static void require(Optional<String> lacking, String ci) {
    if (lacking.isPresent()) {
      String message = "labs can't be opened here: " + lacking.get();
      if (Boolean.parseBoolean(ci)) {
        Assertions.fail(message);
      }
      Assumptions.abort(message);
    }
  }

  private void open(ExtensionContext context) throws IOException {
    require(Lab.unavailabilityCause(), System.getenv("CI"));
    store(context).put(this, builder.open());
  }

  private void close(ExtensionContext context) throws IOException {
    Lab lab = store(context).remove(this, Lab.class);
    if (lab != null) {
      lab.close();
    }
  }

  private Lab lab(ExtensionContext context) {
    return store(context).get(this, Lab.class);
  }

  private static Store store(ExtensionContext context) {
    return context.getStore(NAMESPACE);
  }
}
