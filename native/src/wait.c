#include "wait.h"

#include "timeout.h"

#include <errno.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

int ka_wait_fd(int fd, short events, int64_t deadline_ns) {
    int result = ka_wait_fds_or_wake(fd, events, -1, -1, deadline_ns);
    return result > 0 ? 0 : result;
}

static int take_wake(int wake_fd) {
    eventfd_t ignored;
    int failed = eventfd_read(wake_fd, &ignored) < 0 && errno != EAGAIN;
    return failed ? -errno : -ECANCELED;
}

/* ppoll(2) ignores a descriptor of -1. */
int ka_wait_fds_or_wake(int fd, short events, int second_fd, int wake_fd, int64_t deadline_ns) {
    for (;;) {
        struct pollfd entries[] = {{.fd = fd, .events = events},
                                   {.fd = second_fd, .events = POLLIN},
                                   {.fd = wake_fd, .events = POLLIN}};
        struct timespec left;
        int ready = ppoll(entries, 3, ka_time_until(deadline_ns, &left), NULL);
        if (ready > 0) {
            return entries[0].revents != 0   ? entries[0].revents
                   : entries[1].revents != 0 ? KA_SECOND_READY
                                             : take_wake(wake_fd);
        }
        if (ready == 0) {
            return -ETIME;
        }
        if (errno != EINTR) {
            return -errno;
        }
    }
}

/* Since Linux 5.11. Called without a wrapper: glibc's is newer (2.35) than this library needs (2.17). */
static long pwait2(int epoll_fd, struct epoll_event *events, int capacity, const struct timespec *timeout) {
#ifdef SYS_epoll_pwait2
    return syscall(SYS_epoll_pwait2, epoll_fd, events, capacity, timeout, NULL, (size_t)_NSIG / 8);
#else
    (void)epoll_fd, (void)events, (void)capacity, (void)timeout;
    errno = ENOSYS;
    return -1;
#endif
}

int ka_wait_epoll(int epoll_fd, struct epoll_event *events, int capacity, int64_t deadline_ns) {
    struct timespec left;
    long ready = pwait2(epoll_fd, events, capacity, ka_time_until(deadline_ns, &left));
    if (ready < 0 && errno != EINTR) { /* ENOSYS from an old kernel, any error from a seccomp profile */
        ready = epoll_wait(epoll_fd, events, capacity, ka_ms_until(deadline_ns));
    }
    return ready < 0 ? -errno : (int)ready;
}
