#include "faults.h"

#include "loopback.h"

#include "check.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

/* Since Linux 6.15. The build machine's headers may be older. */
#ifndef TCP_RTO_MIN_US
#define TCP_RTO_MIN_US 45
#define TCP_DELACK_MAX_US 46
#endif

struct faults faults;
_Thread_local int faults_armed;

static int fail(const char *call) {
    if (!faults_armed || (faults.only_call != NULL && strcmp(call, faults.only_call) != 0)) {
        return 0;
    }
    int position = faults.calls++;
    if (position < faults.first_to_fail || position > faults.last_to_fail) {
        return 0;
    }
    if (faults.failed_call == NULL) {
        faults.failed_call = call;
    }
    errno = faults.error_to_inject;
    return 1;
}

#define FAULTY(type, call, parameters, arguments, failure)                                                   \
    type __real_##call parameters;                                                                           \
    type __wrap_##call parameters;                                                                           \
    type __wrap_##call parameters {                                                                          \
        return fail(#call) ? (failure) : __real_##call arguments;                                            \
    }

FAULTY(int, socket, (int domain, int type, int protocol), (domain, type, protocol), -1)
FAULTY(int, bind, (int fd, const struct sockaddr *address, socklen_t length), (fd, address, length), -1)
FAULTY(int, listen, (int fd, int backlog), (fd, backlog), -1)
FAULTY(int, accept4, (int fd, struct sockaddr *address, socklen_t *length, int flags),
       (fd, address, length, flags), -1)
FAULTY(int, connect, (int fd, const struct sockaddr *address, socklen_t length), (fd, address, length), -1)
FAULTY(int, ppoll,
       (struct pollfd * entries, nfds_t count, const struct timespec *timeout, const sigset_t *mask),
       (entries, count, timeout, mask), -1)
FAULTY(int, epoll_wait, (int fd, struct epoll_event *events, int capacity, int timeout_ms),
       (fd, events, capacity, timeout_ms), -1)
FAULTY(ssize_t, recv, (int fd, void *bytes, size_t size, int flags), (fd, bytes, size, flags), -1)
FAULTY(ssize_t, recvfrom,
       (int fd, void *bytes, size_t size, int flags, struct sockaddr *from, socklen_t *length),
       (fd, bytes, size, flags, from, length), -1)
FAULTY(int, getpeername, (int fd, struct sockaddr *address, socklen_t *length), (fd, address, length), -1)
FAULTY(int, shutdown, (int fd, int how), (fd, how), -1)
FAULTY(int, getsockname, (int fd, struct sockaddr *address, socklen_t *length), (fd, address, length), -1)
FAULTY(int, epoll_create1, (int flags), (flags), -1)
FAULTY(int, eventfd, (unsigned value, int flags), (value, flags), -1)
FAULTY(int, eventfd_read, (int fd, eventfd_t *value), (fd, value), -1)
FAULTY(int, clock_getres, (clockid_t clock, struct timespec *resolution), (clock, resolution), -1)
FAULTY(void *, malloc, (size_t size), (size), NULL)
FAULTY(void *, calloc, (size_t count, size_t size), (count, size), NULL)
FAULTY(void *, realloc, (void *old, size_t size), (old, size), NULL)
FAULTY(int, pthread_mutex_init, (pthread_mutex_t * mutex, const pthread_mutexattr_t *attributes),
       (mutex, attributes), faults.error_to_inject)
FAULTY(int, pthread_create,
       (pthread_t * thread, const pthread_attr_t *attributes, void *(*run)(void *), void *argument),
       (thread, attributes, run, argument), faults.error_to_inject)

/* It fails only if the counter is full: then the waiting thread has been woken already. */
int __real_eventfd_write(int fd, eventfd_t value);
int __wrap_eventfd_write(int fd, eventfd_t value);
int __wrap_eventfd_write(int fd, eventfd_t value) {
    int result = __real_eventfd_write(fd, value);
    return fail("eventfd_write") ? -1 : result;
}

/* The shim passes one pointer. */
int __real_ioctl(int fd, unsigned long request, void *argument);
int __wrap_ioctl(int fd, unsigned long request, void *argument);
int __wrap_ioctl(int fd, unsigned long request, void *argument) {
    return fail("ioctl") ? -1 : __real_ioctl(fd, request, argument);
}

/* The shim uses syscall(2) for epoll_pwait2(2) only. */
long __real_syscall(long number, int fd, struct epoll_event *events, int capacity,
                    const struct timespec *timeout, const sigset_t *mask, size_t size);
long __wrap_syscall(long number, int fd, struct epoll_event *events, int capacity,
                    const struct timespec *timeout, const sigset_t *mask, size_t size);
long __wrap_syscall(long number, int fd, struct epoll_event *events, int capacity,
                    const struct timespec *timeout, const sigset_t *mask, size_t size) {
    if (faults.before_5_11) {
        errno = ENOSYS;
        return -1;
    }
    return fail("syscall") ? -1 : __real_syscall(number, fd, events, capacity, timeout, mask, size);
}

/* The shim ignores it when an answer can't be sent: the link's failure follows. */
ssize_t __real_send(int fd, const void *bytes, size_t size, int flags);
ssize_t __wrap_send(int fd, const void *bytes, size_t size, int flags);
ssize_t __wrap_send(int fd, const void *bytes, size_t size, int flags) {
    const char *call = *(const char *)bytes == 'A' ? "send answer" : "send";
    return fail(call) ? -1 : __real_send(fd, bytes, size, flags);
}

/* The shim ignores errors of these options: they only help, and older kernels don't have them. */
static int is_ack_timer(int level, int name) {
    return level == IPPROTO_TCP &&
           (name == TCP_QUICKACK || (name >= TCP_RTO_MIN_US && name <= TCP_DELACK_MAX_US));
}

int __real_setsockopt(int fd, int level, int name, const void *value, socklen_t length);
int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t length);
int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t length) {
    return fail(is_ack_timer(level, name) ? "setsockopt ack timer" : "setsockopt")
               ? -1
               : __real_setsockopt(fd, level, name, value, length);
}

int __real_getsockopt(int fd, int level, int name, void *value, socklen_t *length);
int __wrap_getsockopt(int fd, int level, int name, void *value, socklen_t *length);
int __wrap_getsockopt(int fd, int level, int name, void *value, socklen_t *length) {
    int result = fail("getsockopt") ? -1 : __real_getsockopt(fd, level, name, value, length);
    if (result == 0 && faults_armed && faults.unacknowledged && level == IPPROTO_TCP && name == TCP_INFO) {
        struct tcp_info *info = value;
        info->tcpi_unacked = 1;
        info->tcpi_last_data_sent = faults.sent_ms_ago;
    }
    return result;
}

/* Linux closes the descriptor even if close(2) fails. */
int __real_close(int fd);
int __wrap_close(int fd);
int __wrap_close(int fd) {
    int result = __real_close(fd);
    return fail("close") ? -1 : result;
}

/* If throttling a peer fails, the shim goes on reading it. */
static int is_throttling(int operation, const struct epoll_event *event) {
    return operation == EPOLL_CTL_MOD && event->events == EPOLLRDHUP;
}

/* EPOLL_CTL_DEL fails only if the descriptor is no longer in the set. */
int __real_epoll_ctl(int epoll_fd, int operation, int fd, struct epoll_event *event);
int __wrap_epoll_ctl(int epoll_fd, int operation, int fd, struct epoll_event *event);
int __wrap_epoll_ctl(int epoll_fd, int operation, int fd, struct epoll_event *event) {
    if (operation == EPOLL_CTL_DEL) {
        int result = __real_epoll_ctl(epoll_fd, operation, fd, event);
        return fail("epoll_ctl DEL") ? -1 : result;
    }
    const char *call = is_throttling(operation, event) ? "epoll_ctl throttle" : "epoll_ctl";
    return fail(call) ? -1 : __real_epoll_ctl(epoll_fd, operation, fd, event);
}

void plan(const char *call, int error, int first, int last) {
    faults.only_call = call;
    faults.error_to_inject = error;
    faults.first_to_fail = first;
    faults.last_to_fail = last;
    faults.calls = 0;
    faults.failed_call = NULL;
}

int run_closed(scenario *run) {
    int descriptors = count_descriptors();
    int result = run();
    CHECK_EQ(count_descriptors(), descriptors);
    return result;
}

static int is_allocation(const char *call) {
    return strcmp(call, "malloc") == 0 || strcmp(call, "calloc") == 0 || strcmp(call, "realloc") == 0;
}

/* The shim may ignore these errors. Where epoll_pwait2(2) is refused, epoll_wait(2) does. Closing and
 * removing a descriptor ends its use anyway. If the eventfd's counter is full, the waiting thread has been
 * woken already. If what the kernel tells of interfaces can't be read, it is asked again. */
static int may_be_ignored(const char *call) {
    return strcmp(call, "close") == 0 || strcmp(call, "epoll_ctl DEL") == 0 ||
           strcmp(call, "eventfd_write") == 0 || strcmp(call, "eventfd_read") == 0 ||
           strcmp(call, "setsockopt ack timer") == 0 || strcmp(call, "send answer") == 0 ||
           strcmp(call, "clock_getres") == 0 || strcmp(call, "syscall") == 0 ||
           strcmp(call, "recvfrom") == 0 || strcmp(call, "epoll_ctl throttle") == 0;
}

static void check_returned(int result) {
    if (faults.failed_call == NULL) { /* fewer calls this time: the detector's thread decides that, too */
        CHECK_EQ(result, 0);
        return;
    }
    int expected = is_allocation(faults.failed_call) ? -ENOMEM : -INJECTED;
    if (may_be_ignored(faults.failed_call)) {
        CHECK(result == 0 || result == expected);
    } else if (result != expected) {
        fprintf(stderr, "%s failed at call %d\n", faults.failed_call, faults.first_to_fail);
        CHECK_EQ(result, expected);
    }
}

/* Later failures must not hide the first one, unless the first one may be ignored. */
static void check_many_returned(int result) {
    if (faults.failed_call != NULL && may_be_ignored(faults.failed_call)) {
        CHECK(result == 0 || result == -INJECTED || result == -ENOMEM);
    } else {
        check_returned(result);
    }
}

void check_each_position(scenario *run) {
    plan(NULL, 0, INT32_MAX, INT32_MAX);
    CHECK_EQ(run_closed(run), 0);
    int total = faults.calls;
    CHECK_GE(total, 1);
    for (int position = 0; position < total; position++) {
        plan(NULL, INJECTED, position, position);
        check_returned(run_closed(run));
        plan(NULL, INJECTED, position, INT32_MAX);
        check_many_returned(run_closed(run));
    }
}

void check_every_call_is_made(const char *const names[], size_t name_count, scenario *const scenarios[],
                              size_t count) {
    for (size_t i = 0; i < name_count; i++) {
        int total = 0;
        for (size_t j = 0; j < count; j++) {
            plan(names[i], 0, INT32_MAX, INT32_MAX);
            CHECK_EQ(run_closed(scenarios[j]), 0);
            total += faults.calls;
        }
        if (total == 0) {
            fprintf(stderr, "%s is never called\n", names[i]);
        }
        CHECK_GE(total, 1);
    }
}

void check_retried(scenario *run, const char *call, int error) {
    plan(call, error, 0, 0);
    CHECK_EQ(run_closed(run), 0);
    CHECK(faults.failed_call != NULL);
}
