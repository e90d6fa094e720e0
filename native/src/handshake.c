#include "keepalive4j.h"

#include "protocol.h"
#include "timeout.h"
#include "wait.h"

#include <errno.h>
#include <sys/socket.h>

/* The promise that nobody asked for tells a source that the backup knows KA_ENDED. An older source ignores
 * it. It must come before the query. Otherwise the source could take it for the answer to a request of its
 * own. */
static int send_query(int fd) {
    static const char bytes[] = {KA_PROMISE, KA_QUERY};
    return send(fd, bytes, sizeof bytes, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ? -errno : 0;
}

static int read_answer(int fd) {
    char byte;
    ssize_t count = recv(fd, &byte, 1, MSG_DONTWAIT);
    if (count < 0) {
        return -errno;
    }
    if (count == 0) {
        return -EPIPE;
    }
    return byte == KA_ANSWER ? 0 : byte == KA_FAREWELL ? -ECONNREFUSED : -EPROTO;
}

int ka_handshake(int fd, int timeout_ms) {
    if (timeout_ms < 1) {
        return -EINVAL;
    }
    int64_t deadline_ns = ka_deadline_after_ms(timeout_ms);
    int result = send_query(fd);
    if (result < 0) {
        return result;
    }
    do {
        result = ka_wait_fd(fd, POLLIN | POLLRDHUP, deadline_ns);
        if (result == 0) {
            result = read_answer(fd);
        }
    } while (result == -EAGAIN);
    return result;
}
