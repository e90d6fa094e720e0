#include "cause.h"

#include <errno.h>
#include <sys/socket.h>

enum ka_cause ka_cause_of(int error) {
    switch (error) {
    case 0:
        return KA_CAUSE_CLOSED;
    case ETIMEDOUT:
        return KA_CAUSE_TIMED_OUT;
    case ECONNRESET:
    case EPIPE: /* an RST in CLOSE_WAIT: tcp_reset() */
        return KA_CAUSE_RESET;
    case ECONNABORTED:
    case EBADF: /* no connection (any more): this host closed or replaced the descriptor */
    case ENOTSOCK:
    case ENOTCONN:
    case EPERM: /* a sandbox, such as a seccomp profile, refuses the call; no network reports these two */
    case ENOSYS:
        return KA_CAUSE_ABORTED;
    default:
        /* Any other error is a soft error that the kernel recorded before the connection ended. It comes from
           ICMP (icmp_err_convert[], icmpv6_err_convert()) or from the route lookup of a retransmission. */
        return KA_CAUSE_UNREACHABLE;
    }
}

int ka_take_error(int fd) {
    int error = 0;
    socklen_t length = sizeof error;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) < 0 ? -errno : error;
}
