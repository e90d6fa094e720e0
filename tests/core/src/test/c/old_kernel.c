/* With LD_PRELOAD it simulates a kernel before 6.15, without TCP_RTO_MAX_MS, TCP_RTO_MIN_US and
 * TCP_DELACK_MAX_US. */
#define _GNU_SOURCE

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FIRST_NEW_OPTION 44
#define LAST_NEW_OPTION 46

static int is_new(int level, int option) {
    return level == IPPROTO_TCP && option >= FIRST_NEW_OPTION && option <= LAST_NEW_OPTION;
}

static int refuse(void) {
    errno = ENOPROTOOPT;
    return -1;
}

int setsockopt(int fd, int level, int option, const void *value, socklen_t length) {
    return is_new(level, option) ? refuse() : (int)syscall(SYS_setsockopt, fd, level, option, value, length);
}

int getsockopt(int fd, int level, int option, void *restrict value, socklen_t *restrict length) {
    return is_new(level, option) ? refuse() : (int)syscall(SYS_getsockopt, fd, level, option, value, length);
}
