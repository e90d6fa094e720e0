package io.github.keepalive4j.testkit.qemu;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Puts bytes of 16-bit x86 code one after the other, and fills in the labels at the end. */
final class Assembler16 {

  private final int origin;
  private final ByteArrayOutputStream code = new ByteArrayOutputStream();
  private final Map<String, Integer> labels = new HashMap<>();
  private final List<Reference> references = new ArrayList<>();

  private record Reference(int offset, String label, boolean relative) {}

  Assembler16(int origin) {
    this.origin = origin;
  }

  /** Emits bytes as they are. */
  Assembler16 bytes(int... bytes) {
    for (int one : bytes) {
      code.write(one);
    }
    return this;
  }

  /** Emits ASCII text. */
  Assembler16 text(String text) {
    return bytes(text.chars().toArray());
  }

  /** Names the place that comes next. */
  Assembler16 label(String label) {
    labels.put(label, code.size());
    return this;
  }

  /** Emits an opcode and the distance to a label, in one byte. */
  Assembler16 jump(int opcode, String label) {
    bytes(opcode);
    references.add(new Reference(code.size(), label, true));
    return bytes(0);
  }

  /** Emits a label's address, in two bytes. */
  Assembler16 address(String label) {
    references.add(new Reference(code.size(), label, false));
    return bytes(0, 0);
  }

  byte[] assemble() {
    byte[] image = code.toByteArray();
    for (Reference reference : references) {
      int target = labels.get(reference.label());
      int at = reference.offset();
      if (reference.relative()) {
        image[at] = (byte) Math.subtractExact(target, at + 1);
      } else {
        image[at] = (byte) (origin + target);
        image[at + 1] = (byte) ((origin + target) >> 8);
      }
    }
    return image;
  }
}
