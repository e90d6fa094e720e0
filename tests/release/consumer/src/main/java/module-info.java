module elsewhere {
  requires io.github.keepalive4j;
  requires io.github.keepalive4j.sockets;
}
