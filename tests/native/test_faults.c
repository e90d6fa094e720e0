/*
 * Every system call and allocation of the shim fails once, in turn, and then all of them from there on. Each
 * time -errno has to come back, and nothing may stay open; what stays allocated is LeakSanitizer's to find.
 * The linker's --wrap puts the calls of this program through fail(); only those under SHIM() are the shim's.
 */
#include "loopback.h"

#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

/* No call of these is documented with it, so it can only come from here. */
#define INJECTED EXDEV

#define FAR_AWAY 300

/* Since Linux 6.15; the build machine's headers may be older. */
#ifndef TCP_RTO_MIN_US
#define TCP_RTO_MIN_US 45
#define TCP_DELACK_MAX_US 46
#endif

static const struct ka_watch_config BACKUP = {.role = KA_ROLE_BACKUP, .suspect_probes = 3};

/* What is to fail. */
static int armed;
static int error_to_inject;
static int first_to_fail; /* counted over all calls, or over those of only_call */
static int last_to_fail;
static const char *only_call;

/* What was seen. */
static int calls;
static const char *failed_call;

static int fail(const char *call) {
    if (!armed || (only_call != NULL && strcmp(call, only_call) != 0)) {
        return 0;
    }
    int position = calls++;
    if (position < first_to_fail || position > last_to_fail) {
        return 0;
    }
    if (failed_call == NULL) {
        failed_call = call;
    }
    errno = error_to_inject;
    return 1;
}

static int disarmed(int result) {
    armed = 0;
    return result;
}

#define SHIM(call) (armed = 1, disarmed(call))

#define FAULTY(type, call, parameters, arguments, failure)                                                   \
    type __real_##call parameters;                                                                           \
    type __wrap_##call parameters;                                                                           \
    type __wrap_##call parameters {                                                                          \
        return fail(#call) ? (failure) : __real_##call arguments;                                            \
    }

FAULTY(int, socket, (int domain, int type, int protocol), (domain, type, protocol), -1)
FAULTY(int, getsockopt, (int fd, int level, int name, void *value, socklen_t *length),
       (fd, level, name, value, length), -1)
FAULTY(int, bind, (int fd, const struct sockaddr *address, socklen_t length), (fd, address, length), -1)
FAULTY(int, listen, (int fd, int backlog), (fd, backlog), -1)
FAULTY(int, accept4, (int fd, struct sockaddr *address, socklen_t *length, int flags),
       (fd, address, length, flags), -1)
FAULTY(int, connect, (int fd, const struct sockaddr *address, socklen_t length), (fd, address, length), -1)
FAULTY(int, ppoll,
       (struct pollfd * entries, nfds_t count, const struct timespec *timeout, const sigset_t *mask),
       (entries, count, timeout, mask), -1)
FAULTY(long, syscall, /* epoll_pwait2 alone */
       (long number, int fd, struct epoll_event *events, int capacity, const struct timespec *timeout,
        const sigset_t *mask, size_t size),
       (number, fd, events, capacity, timeout, mask, size), -1)
FAULTY(ssize_t, recv, (int fd, void *bytes, size_t size, int flags), (fd, bytes, size, flags), -1)
FAULTY(ssize_t, send, (int fd, const void *bytes, size_t size, int flags), (fd, bytes, size, flags), -1)
FAULTY(int, shutdown, (int fd, int how), (fd, how), -1)
FAULTY(int, getsockname, (int fd, struct sockaddr *address, socklen_t *length), (fd, address, length), -1)
FAULTY(int, epoll_create1, (int flags), (flags), -1)
FAULTY(int, eventfd, (unsigned value, int flags), (value, flags), -1)
FAULTY(int, eventfd_write, (int fd, eventfd_t value), (fd, value), -1)
FAULTY(void *, malloc, (size_t size), (size), NULL)
FAULTY(void *, calloc, (size_t count, size_t size), (count, size), NULL)
FAULTY(void *, realloc, (void *old, size_t size), (old, size), NULL)
FAULTY(int, pthread_mutex_init, (pthread_mutex_t * mutex, const pthread_mutexattr_t *attributes),
       (mutex, attributes), error_to_inject)

/* What makes connections prompt is a help, and older kernels don't have it. */
static int is_prompting(int level, int name) {
    return level == IPPROTO_TCP && name >= TCP_RTO_MIN_US && name <= TCP_DELACK_MAX_US;
}

int __real_setsockopt(int fd, int level, int name, const void *value, socklen_t length);
int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t length);
int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t length) {
    return fail(is_prompting(level, name) ? "setsockopt prompt" : "setsockopt")
               ? -1
               : __real_setsockopt(fd, level, name, value, length);
}

/* Linux closes the descriptor even where close(2) fails. */
int __real_close(int fd);
int __wrap_close(int fd);
int __wrap_close(int fd) {
    int result = __real_close(fd);
    return fail("close") ? -1 : result;
}

/* Taking a descriptor out fails only where it isn't in any more. */
int __real_epoll_ctl(int epoll_fd, int operation, int fd, struct epoll_event *event);
int __wrap_epoll_ctl(int epoll_fd, int operation, int fd, struct epoll_event *event);
int __wrap_epoll_ctl(int epoll_fd, int operation, int fd, struct epoll_event *event) {
    if (operation == EPOLL_CTL_DEL) {
        int result = __real_epoll_ctl(epoll_fd, operation, fd, event);
        return fail("epoll_ctl DEL") ? -1 : result;
    }
    return fail("epoll_ctl") ? -1 : __real_epoll_ctl(epoll_fd, operation, fd, event);
}

/* A scenario returns 0, or the first error that the shim returned, and leaves nothing open. */
typedef int scenario(void);

static int first_error(int earlier, int later) {
    return earlier < 0 ? earlier : later < 0 ? later : 0;
}

static int scenario_link(void) {
    struct ka_config config = keepalive_config(1, 1, 5);
    struct ka_config effective;
    struct ka_address address;
    int32_t failed = -1;
    int listener = listen_on_loopback(4, &address);
    config.option[KA_TCP_USER_TIMEOUT] = 1000;
    config.option[KA_TCP_SYNCNT] = 2;
    config.option[KA_TCP_NODELAY] = 1;
    strcpy(config.device, "lo");
    config.source = loopback_address(4, 0);
    int fd = SHIM(ka_open(4, &config, &failed));
    int result = fd;
    if (fd >= 0) {
        result = SHIM(ka_connect(fd, &address, PATIENCE_MS));
        result = result < 0 ? result : SHIM(ka_effective(fd, &effective));
        result = result < 0 ? result : SHIM(ka_send(fd, 'P'));
        result = result < 0 ? result : SHIM(ka_shutdown(fd));
        result = first_error(result, SHIM(ka_close(fd)));
    }
    close(listener);
    return first_error(result, 0);
}

static int scenario_listener(void) {
    struct ka_config none = unset_config();
    struct ka_config config = keepalive_config(1, 1, 5);
    struct ka_address any_port = loopback_address(6, 0);
    struct ka_address bound;
    struct ka_address peer;
    int32_t failed = -1;
    int fd = -1;
    int listener = SHIM(ka_listen(&any_port, 4, 1));
    if (listener < 0) {
        return listener;
    }
    int result = SHIM(ka_local_address(listener, &bound));
    if (result == 0) {
        int link = connect_to(&bound, &none);
        await_poll(listener, POLLIN);
        fd = SHIM(ka_accept(listener, &config, &peer, &failed));
        result = fd;
        close(link);
    }
    if (fd >= 0) {
        close(fd);
    }
    close(listener);
    return first_error(result, 0);
}

static void open_reset_pair(struct pair *pair) {
    struct ka_config config = keepalive_config(1, 1, 5);
    open_pair(pair, 4, &config);
    close_with_reset(pair->peer);
    pair->peer = -1;
    await_poll(pair->link, POLLIN);
}

/* A failed call may have become the failure that the event tells of. */
static int result_of(int count, const struct ka_event *event) {
    if (count < 0) {
        return count;
    }
    CHECK_EQ(count, 1);
    CHECK_EQ(event->type, KA_EVENT_FAILED);
    return event->error == ECONNRESET ? 0 : -event->error;
}

static int scenario_await(void) {
    struct ka_event event;
    struct pair pair;
    open_reset_pair(&pair);
    int count = SHIM(ka_await(pair.link, &BACKUP, PATIENCE_MS, &event));
    close_pair(&pair);
    return result_of(count, &event);
}

static int scenario_classify(void) {
    struct ka_event event;
    struct pair pair;
    open_reset_pair(&pair);
    int count = SHIM(ka_classify(pair.link, &BACKUP, &event));
    close_pair(&pair);
    return result_of(count, &event);
}

static int scenario_classify_fin(void) {
    struct ka_config config = unset_config();
    struct ka_event event;
    struct pair pair;
    open_pair(&pair, 4, &config);
    shutdown(pair.peer, SHUT_WR);
    await_poll(pair.link, POLLIN);
    int count = SHIM(ka_classify(pair.link, &BACKUP, &event));
    close_pair(&pair);
    CHECK(count < 0 || count == 1);
    return first_error(count, count == 1 ? -event.error : 0);
}

static int watch_all(struct ka_monitor *monitor, const struct pair *pair, int far_listener) {
    int result = SHIM(ka_monitor_watch(monitor, pair->link, 1, &BACKUP));
    result = result < 0 ? result : SHIM(ka_monitor_listen(monitor, pair->listener, 2));
    result = result < 0 ? result : SHIM(ka_monitor_listen(monitor, far_listener, 3));
    result = result < 0 ? result : SHIM(ka_monitor_wake(monitor));
    return result;
}

/* Collects the one failure; wakes may come before it, and every fault has to end the wait. */
static int wait_for_failure(struct ka_monitor *monitor) {
    struct ka_event event;
    int count = 0;
    for (int attempt = 0; attempt < 4 && count == 0; attempt++) {
        count = SHIM(ka_monitor_wait(monitor, &event, 1, 1000));
    }
    return result_of(count, &event);
}

static int scenario_monitor(void) {
    struct ka_monitor *monitor = NULL;
    struct pair pair;
    int result = SHIM(ka_monitor_open(&monitor));
    if (result < 0) {
        CHECK(monitor == NULL);
        return result;
    }
    open_reset_pair(&pair);
    /* a number beyond what the table of descriptors holds at first, so that it has to grow */
    int far_listener = fcntl(pair.listener, F_DUPFD_CLOEXEC, FAR_AWAY);
    result = watch_all(monitor, &pair, far_listener);
    if (result == 0) {
        result = wait_for_failure(monitor);
    }
    int left = SHIM(ka_monitor_unwatch(monitor, pair.listener));
    CHECK(left == 0 || left == -ENOENT);
    CHECK_EQ(SHIM(ka_monitor_close(monitor)), 0);
    close_pair(&pair);
    close(far_listener);
    return result;
}

static void plan(const char *call, int error, int first, int last) {
    only_call = call;
    error_to_inject = error;
    first_to_fail = first;
    last_to_fail = last;
    calls = 0;
    failed_call = NULL;
}

static int run_closed(scenario *run) {
    int descriptors = count_descriptors();
    int result = run();
    CHECK_EQ(count_descriptors(), descriptors);
    return result;
}

static int is_allocation(const char *call) {
    return strcmp(call, "malloc") == 0 || strcmp(call, "calloc") == 0 || strcmp(call, "realloc") == 0;
}

/* Nothing is left to do, and so nothing to say, when a descriptor is on its way out, nor when
   ka_monitor_watch finds the eventfd's counter full: whoever waits has been woken already. */
static int may_be_ignored(const char *call) {
    return strcmp(call, "close") == 0 || strcmp(call, "epoll_ctl DEL") == 0 ||
           strcmp(call, "eventfd_write") == 0 || strcmp(call, "setsockopt prompt") == 0;
}

static void check_told(int result) {
    int expected = is_allocation(failed_call) ? -ENOMEM : -INJECTED;
    if (may_be_ignored(failed_call)) {
        CHECK(result == 0 || result == expected);
    } else if (result != expected) {
        fprintf(stderr, "%s failed at call %d\n", failed_call, first_to_fail);
        CHECK_EQ(result, expected);
    }
}

/* What fails after the first failure must not hide it, except behind one that may be ignored. */
static void check_told_of_many(int result) {
    if (may_be_ignored(failed_call)) {
        CHECK(result == 0 || result == -INJECTED || result == -ENOMEM);
    } else {
        check_told(result);
    }
}

static void check_each_position(scenario *run) {
    plan(NULL, 0, INT32_MAX, INT32_MAX);
    CHECK_EQ(run_closed(run), 0);
    int total = calls;
    CHECK_GE(total, 1);
    for (int position = 0; position < total; position++) {
        plan(NULL, INJECTED, position, position);
        check_told(run_closed(run));
        plan(NULL, INJECTED, position, INT32_MAX);
        check_told_of_many(run_closed(run));
    }
}

/* The shim's own list: a call that the scenarios never make fail would be one that nobody has tried. */
static void check_every_call_is_made(scenario *const scenarios[], int count) {
    static const char *const names[] = {"socket",        "setsockopt",    "getsockopt",        "bind",
                                        "listen",        "accept4",       "connect",           "ppoll",
                                        "recv",          "send",          "shutdown",          "close",
                                        "malloc",        "calloc",        "realloc",           "getsockname",
                                        "eventfd",       "epoll_ctl",     "epoll_create1",     "syscall",
                                        "epoll_ctl DEL", "eventfd_write", "pthread_mutex_init"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        int total = 0;
        for (int j = 0; j < count; j++) {
            plan(names[i], 0, INT32_MAX, INT32_MAX);
            CHECK_EQ(run_closed(scenarios[j]), 0);
            total += calls;
        }
        if (total == 0) {
            fprintf(stderr, "%s is never called\n", names[i]);
        }
        CHECK_GE(total, 1);
    }
}

/* Errors that mean "again" are nobody's failure. */
static void check_retried(scenario *run, const char *call, int error) {
    plan(call, error, 0, 0);
    CHECK_EQ(run_closed(run), 0);
    CHECK(failed_call != NULL);
}

static void check_retries(void) {
    check_retried(scenario_link, "ppoll", EINTR);
    check_retried(scenario_await, "ppoll", EINTR);
    check_retried(scenario_await, "recv", EINTR);
    check_retried(scenario_await, "recv", ENOMEM);
    check_retried(scenario_monitor, "recv", ENOBUFS);
    check_retried(scenario_monitor, "syscall", EINTR);
    check_retried(scenario_monitor, "syscall", ENOSYS); /* Linux before 5.11 has epoll_wait(2) alone */
    check_retried(scenario_listener, "accept4", EINTR);
    check_retried(scenario_listener, "accept4", ECONNABORTED);
    check_retried(scenario_listener, "accept4", EPROTO);
}

static void check_wake_tells(void) {
    struct ka_monitor *monitor;
    CHECK_EQ(ka_monitor_open(&monitor), 0);
    plan("eventfd_write", EAGAIN, 0, 0);
    CHECK_EQ(SHIM(ka_monitor_wake(monitor)), -EAGAIN);
    CHECK_EQ(ka_monitor_close(monitor), 0);
}

/* An older kernel lacks an option: it is read back as unset, and the others as they are. */
static void check_unknown_option(void) {
    struct ka_config config = keepalive_config(1, 1, 5);
    struct ka_config effective;
    int32_t failed;
    int fd = ka_open(4, &config, &failed);
    plan("getsockopt", ENOPROTOOPT, KA_TCP_USER_TIMEOUT, KA_TCP_USER_TIMEOUT);
    CHECK_EQ(SHIM(ka_effective(fd, &effective)), 0);
    CHECK_EQ(effective.option[KA_TCP_USER_TIMEOUT], KA_UNSET);
    CHECK_EQ(effective.option[KA_TCP_KEEPCNT], 5);
    close(fd);
}

int main(void) {
    static scenario *const scenarios[] = {scenario_link,     scenario_listener,     scenario_await,
                                          scenario_classify, scenario_classify_fin, scenario_monitor};
    int count = sizeof scenarios / sizeof scenarios[0];
    for (int i = 0; i < count; i++) {
        check_each_position(scenarios[i]);
    }
    check_every_call_is_made(scenarios, count);
    check_retries();
    check_wake_tells();
    check_unknown_option();
    return 0;
}
