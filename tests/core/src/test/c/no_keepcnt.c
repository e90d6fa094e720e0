/* With LD_PRELOAD it simulates a sandbox that doesn't permit TCP_KEEPCNT. */
#define _GNU_SOURCE

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

int setsockopt(int fd, int level, int option, const void *value, socklen_t length) {
    if (level == IPPROTO_TCP && option == TCP_KEEPCNT) {
        errno = EPERM;
        return -1;
    }
    return (int)syscall(SYS_setsockopt, fd, level, option, value, length);
}
