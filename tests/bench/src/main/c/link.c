#include "bench.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

static int set_option(int fd, int level, int name, int value) {
    return setsockopt(fd, level, name, &value, sizeof value);
}

static int set_options(int fd) {
    if (set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1) < 0 || set_option(fd, IPPROTO_TCP, TCP_KEEPCNT, 5) < 0 ||
        set_option(fd, IPPROTO_TCP, TCP_KEEPIDLE, 1) < 0 ||
        set_option(fd, IPPROTO_TCP, TCP_KEEPINTVL, 1) < 0) {
        return -errno;
    }
    return 0;
}

static int connect_to(int fd, uint32_t address, int port) {
    struct sockaddr_in peer = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(address)};
    return connect(fd, (struct sockaddr *)&peer, sizeof peer) < 0 ? -errno : 0;
}

int kb_connect(uint32_t address, int port) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return -errno;
    }
    int result = set_options(fd);
    if (result == 0) {
        result = connect_to(fd, address, port);
    }
    if (result < 0) {
        close(fd);
        return result;
    }
    return fd;
}

int kb_close(int fd) {
    return close(fd) < 0 ? -errno : 0;
}
