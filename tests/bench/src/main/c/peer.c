#include "bench.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

static int bind_and_listen(int fd, int backlog, int32_t *port) {
    struct sockaddr_in any = {.sin_family = AF_INET};
    socklen_t length = sizeof any;
    if (bind(fd, (struct sockaddr *)&any, length) < 0 || listen(fd, backlog) < 0 ||
        getsockname(fd, (struct sockaddr *)&any, &length) < 0) {
        return -errno;
    }
    *port = ntohs(any.sin_port);
    return 0;
}

int kb_listen(int backlog, int32_t *port) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return -errno;
    }
    int result = bind_and_listen(fd, backlog, port);
    if (result < 0) {
        close(fd);
        return result;
    }
    return fd;
}

int kb_accept(int listener) {
    int fd;
    do {
        fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    } while (fd < 0 && errno == EINTR);
    return fd < 0 ? -errno : fd;
}

int kb_end_with(int fd, int reset) {
    struct linger linger = {.l_onoff = reset, .l_linger = 0};
    return setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger) < 0 ? -errno : 0;
}
