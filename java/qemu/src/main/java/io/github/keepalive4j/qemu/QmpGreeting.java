package io.github.keepalive4j.qemu;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;

/**
 * What QEMU says about itself when a connection begins.
 *
 * @param major QEMU's major version
 * @param minor QEMU's minor version
 * @param micro QEMU's micro version
 * @param vendorPackage the distributor's name for it, empty if none
 * @param capabilities what the connection could do beyond the protocol's base, such as {@code oob}
 */
public record QmpGreeting(
    int major, int minor, int micro, String vendorPackage, Set<String> capabilities) {

  public QmpGreeting {
    Objects.requireNonNull(vendorPackage, "vendorPackage");
    capabilities = Set.copyOf(Arguments.noneNull("capabilities", capabilities));
  }

  static QmpGreeting of(JsonNode message) throws QmpProtocolFault {
    JsonNode greeting = message.get("QMP");
    JsonNode version = greeting.path("version");
    JsonNode qemu = version.path("qemu");
    JsonNode offered = greeting.path("capabilities");
    if (!qemu.isObject() || !offered.isArray()) {
      throw new QmpProtocolFault("a greeting without version or capabilities");
    }
    Set<String> capabilities = new LinkedHashSet<>();
    offered.forEach(capability -> capabilities.add(capability.asText()));
    return new QmpGreeting(
        qemu.path("major").asInt(),
        qemu.path("minor").asInt(),
        qemu.path("micro").asInt(),
        version.path("package").asText(""),
        capabilities);
  }

  /** Returns QEMU's version, as in {@code 7.2.22}. */
  public String version() {
    return major + "." + minor + "." + micro;
  }
}
