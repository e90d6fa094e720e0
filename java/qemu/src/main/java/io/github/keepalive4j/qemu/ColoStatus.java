package io.github.keepalive4j.qemu;

/** The answer to {@code query-colo-status}. */
record ColoStatus(String mode, String lastMode, String reason) {

  static final QmpCommand QUERY = QmpCommand.of("query-colo-status");

  static ColoStatus of(QmpValue answer) {
    return new ColoStatus(
        answer.path("mode").asText("unknown"),
        answer.path("last-mode").asText("unknown"),
        answer.path("reason").asText("unknown"));
  }

  boolean isIn() {
    return isIn("primary") || isIn("secondary");
  }

  boolean isIn(String role) {
    return mode.equals(role);
  }

  /**
   * Tells whether QEMU is leaving or has left COLO at another client's {@code
   * x-colo-lost-heartbeat}.
   */
  boolean isLeaving(String role) {
    return hasLeft(role) || (isIn(role) && reason.equals("processing"));
  }

  boolean hasLeft(String role) {
    return mode.equals("none") && lastMode.equals(role) && reason.equals("request");
  }

  @Override
  public String toString() {
    return "mode " + mode + ", last mode " + lastMode + ", reason " + reason;
  }
}
