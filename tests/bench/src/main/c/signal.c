#include "bench.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

int kb_hold(int pid, int held) {
    return kill(pid, held ? SIGSTOP : SIGCONT) < 0 ? -errno : 0;
}

static int await_end(int pid_fd) {
    struct pollfd entry = {.fd = pid_fd, .events = POLLIN};
    int result;
    do {
        result = poll(&entry, 1, -1);
    } while (result < 0 && errno == EINTR);
    return result < 0 ? -errno : 0;
}

int kb_kill(int pid) {
    int pid_fd = (int)syscall(SYS_pidfd_open, pid, 0);
    if (pid_fd < 0) {
        return -errno;
    }
    int result = kill(pid, SIGKILL) < 0 ? -errno : await_end(pid_fd);
    close(pid_fd);
    return result;
}
