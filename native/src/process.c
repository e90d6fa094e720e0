#include "keepalive4j.h"

#include "timeout.h"
#include "wait.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Since Linux 5.3. Called without a wrapper: glibc's is newer (2.36) than this library needs (2.17). */
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

int ka_process_open(int pid) {
    if (pid < 1) {
        return -EINVAL;
    }
    long fd = syscall(SYS_pidfd_open, pid, 0); /* close-on-exec by itself */
    return fd < 0 ? -errno : (int)fd;
}

int ka_process_await(int fd, int wake_fd, int timeout_ms) {
    if (fd < 0) { /* ppoll(2) would ignore it and wait */
        return -EBADF;
    }
    int result = ka_wait_fds_or_wake(fd, POLLIN, -1, wake_fd, ka_deadline_after_ms(timeout_ms));
    return result > 0 ? 0 : result;
}
