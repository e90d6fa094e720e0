package io.github.keepalive4j.zookeeper;

/** IPv4 addresses in text, without a resolver. */
final class AddressBytes {
  private AddressBytes() {}

  static byte[] of(String dotted) {
    byte[] bytes = new byte[4];
    int index = 0;
    int value = 0;
    for (char character : (dotted + ".").toCharArray()) {
      if (character == '.') {
        bytes[index++] = (byte) value;
        value = 0;
      } else {
        value = 10 * value + (character - '0');
      }
    }
    return bytes;
  }
}
