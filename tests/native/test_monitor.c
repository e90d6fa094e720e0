#include "loopback.h"

#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* More links than one epoll_wait(2) of the monitor returns. */
#define LINKS 300

static const struct ka_watch_config BACKUP = {.role = KA_ROLE_BACKUP};
static const struct ka_watch_config SOURCE = {.role = KA_ROLE_SOURCE};

static struct ka_monitor *open_monitor(void) {
    struct ka_monitor *monitor = NULL;
    CHECK_EQ(ka_monitor_open(&monitor), 0);
    return monitor;
}

static void open_default(struct pair *pair) {
    struct ka_config config = keepalive_config(1, 1, 5);
    open_pair(pair, 4, &config);
}

static void reset_peer(struct pair *pair) {
    close_with_reset(pair->peer);
    pair->peer = -1;
}

static void expect_quiet(struct ka_monitor *monitor) {
    struct ka_event event;
    CHECK_EQ(ka_monitor_wait(monitor, &event, 1, 20), 0);
}

static void expect_event(struct ka_monitor *monitor, uint64_t token, int type) {
    struct ka_event event;
    CHECK_EQ(ka_monitor_wait(monitor, &event, 1, PATIENCE_MS), 1);
    CHECK_EQ(event.type, type);
    CHECK_EQ(event.token, token);
}

/* All links fail. Each is reported once, at most `capacity` at a time, and is no longer in the set. */
static void check_many(int capacity) {
    static struct pair pairs[LINKS];
    struct ka_monitor *monitor = open_monitor();
    struct ka_event events[2 * LINKS];
    int reported[LINKS] = {0};
    for (int i = 0; i < LINKS; i++) {
        open_default(&pairs[i]);
        CHECK_EQ(ka_monitor_watch(monitor, pairs[i].link, (uint64_t)i, &BACKUP, NULL), 0);
    }
    expect_quiet(monitor);
    for (int i = 0; i < LINKS; i++) {
        reset_peer(&pairs[i]);
    }
    for (int total = 0; total < LINKS;) {
        int count = ka_monitor_wait(monitor, events, capacity, PATIENCE_MS);
        CHECK_GE(count, 1);
        CHECK_LE(count, capacity);
        for (int i = 0; i < count; i++) {
            CHECK_EQ(events[i].type, KA_EVENT_FAILED);
            CHECK_EQ(events[i].cause, KA_CAUSE_RESET);
            CHECK_EQ(events[i].fd, pairs[events[i].token].link);
            CHECK_EQ(reported[events[i].token]++, 0);
        }
        total += count;
    }
    expect_quiet(monitor);
    for (int i = 0; i < LINKS; i++) {
        CHECK_EQ(ka_monitor_unwatch(monitor, pairs[i].link, NULL, NULL), -ENOENT);
        close_pair(&pairs[i]);
    }
    CHECK_EQ(ka_monitor_close(monitor), 0);
}

static void check_watch_and_unwatch(void) {
    struct ka_monitor *monitor = open_monitor();
    struct pair pair;
    open_default(&pair);
    CHECK_EQ(ka_monitor_unwatch(monitor, pair.link, NULL, NULL), -ENOENT);
    CHECK_EQ(ka_monitor_unwatch(monitor, -1, NULL, NULL), -ENOENT);
    CHECK_EQ(ka_monitor_unwatch(monitor, INT32_MAX, NULL, NULL), -ENOENT);
    CHECK_EQ(ka_monitor_watch(monitor, pair.link, 1, &BACKUP, NULL), 0);
    CHECK_EQ(ka_monitor_watch(monitor, pair.link, 2, &BACKUP, NULL), -EEXIST);
    CHECK_EQ(ka_monitor_listen(monitor, pair.link, 2), -EEXIST);
    CHECK_EQ(ka_monitor_unwatch(monitor, pair.link, NULL, NULL), 0);
    CHECK_EQ(ka_monitor_unwatch(monitor, pair.link, NULL, NULL), -ENOENT);
    reset_peer(&pair);
    await_poll(pair.link, POLLIN);
    expect_quiet(monitor);
    CHECK_EQ(ka_monitor_watch(monitor, pair.link, 3, &BACKUP, NULL), 0);
    expect_event(monitor, 3, KA_EVENT_FAILED);
    close_pair(&pair);
    CHECK_EQ(ka_monitor_close(monitor), 0);
}

/* A reused descriptor number gets events of the new link only. */
static void check_reused_descriptor(void) {
    struct ka_monitor *monitor = open_monitor();
    struct pair old;
    struct pair new;
    open_default(&old);
    open_default(&new);
    CHECK_EQ(ka_monitor_watch(monitor, old.link, 1, &BACKUP, NULL), 0);
    reset_peer(&old);
    CHECK_EQ(ka_monitor_unwatch(monitor, old.link, NULL, NULL), 0);
    CHECK_EQ(dup3(new.link, old.link, O_CLOEXEC), old.link);
    CHECK_EQ(ka_monitor_watch(monitor, old.link, 2, &BACKUP, NULL), 0);
    expect_quiet(monitor);
    reset_peer(&new);
    expect_event(monitor, 2, KA_EVENT_FAILED);
    close_pair(&old);
    close_pair(&new);
    CHECK_EQ(ka_monitor_close(monitor), 0);
}

static void check_bytes(void) {
    struct ka_monitor *monitor = open_monitor();
    struct pair pair;
    char answer = 0;
    open_default(&pair);
    CHECK_EQ(ka_monitor_watch(monitor, pair.peer, 1, &SOURCE, NULL), 0);
    CHECK_EQ(ka_send(pair.link, 'Q'), 1);
    expect_event(monitor, 1, KA_EVENT_QUERY);
    CHECK_EQ(ka_send(pair.link, 'P'), 1);
    expect_quiet(monitor);
    CHECK_EQ(ka_send(pair.link, 'Q'), 1); /* after a probe the shim itself answers queries */
    expect_quiet(monitor);
    CHECK_EQ(recv(pair.link, &answer, 1, MSG_DONTWAIT), 1);
    CHECK_EQ(answer, 'A');
    CHECK_EQ(ka_send(pair.link, '!'), 1);
    expect_event(monitor, 1, KA_EVENT_VIOLATION);
    CHECK_EQ(ka_monitor_watch(monitor, pair.link, 2, &BACKUP, NULL), 0);
    CHECK_EQ(ka_send(pair.peer, 'G'), 1);
    expect_event(monitor, 2, KA_EVENT_LEFT);
    CHECK_EQ(ka_monitor_unwatch(monitor, pair.peer, NULL, NULL), -ENOENT);
    CHECK_EQ(ka_monitor_unwatch(monitor, pair.link, NULL, NULL), -ENOENT);
    close_pair(&pair);
    CHECK_EQ(ka_monitor_close(monitor), 0);
}

/* Each arrival is reported once, also while earlier connections wait to be accepted. */
static void check_listener(void) {
    struct ka_monitor *monitor = open_monitor();
    struct ka_config config = unset_config();
    struct ka_address address;
    int listener = listen_on_loopback(4, &address);
    CHECK_EQ(ka_monitor_listen(monitor, listener, 9), 0);
    expect_quiet(monitor);
    int first = connect_to(&address, &config);
    expect_event(monitor, 9, KA_EVENT_ACCEPT);
    expect_quiet(monitor);
    int second = connect_to(&address, &config);
    expect_event(monitor, 9, KA_EVENT_ACCEPT);
    expect_quiet(monitor);
    CHECK_EQ(ka_close(accept_soon(listener)), 0);
    CHECK_EQ(ka_close(accept_soon(listener)), 0);
    CHECK_EQ(ka_monitor_unwatch(monitor, listener, NULL, NULL), 0);
    CHECK_EQ(ka_close(first), 0);
    CHECK_EQ(ka_close(second), 0);
    CHECK_EQ(ka_close(listener), 0);
    CHECK_EQ(ka_monitor_close(monitor), 0);
}

static void *wait_for_ever(void *monitor) {
    struct ka_event event;
    CHECK_EQ(ka_monitor_wait(monitor, &event, 1, -1), 0);
    return NULL;
}

static void check_wake(void) {
    struct ka_monitor *monitor = open_monitor();
    struct ka_event event;
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, wait_for_ever, monitor), 0);
    CHECK_EQ(ka_monitor_wake(monitor), 0);
    CHECK_EQ(pthread_join(thread, NULL), 0);
    CHECK_EQ(ka_monitor_wake(monitor), 0);
    CHECK_EQ(ka_monitor_wake(monitor), 0);
    CHECK_EQ(ka_monitor_wait(monitor, &event, 1, -1), 0); /* two wakes end one wait */
    expect_quiet(monitor);
    CHECK_EQ(ka_monitor_close(monitor), 0);
}

/* Neither the wake nor the event is lost if both come at once. */
static void check_wake_among_events(void) {
    struct ka_monitor *monitor = open_monitor();
    struct pair pair;
    open_default(&pair);
    CHECK_EQ(ka_monitor_watch(monitor, pair.link, 1, &BACKUP, NULL), 0);
    reset_peer(&pair);
    CHECK_EQ(ka_monitor_wake(monitor), 0);
    struct ka_event events[2];
    int reported = 0;
    for (int wait = 0; wait < 2; wait++) {
        reported += ka_monitor_wait(monitor, events, 1, wait == 0 ? PATIENCE_MS : 20);
    }
    CHECK_EQ(reported, 1);
    close_pair(&pair);
    CHECK_EQ(ka_monitor_close(monitor), 0);
}

static void check_time_runs_out(void) {
    struct ka_monitor *monitor = open_monitor();
    struct ka_event event;
    int64_t started_ns = now_ns();
    CHECK_EQ(ka_monitor_wait(monitor, &event, 1, 0), 0);
    CHECK_EQ(ka_monitor_wait(monitor, &event, 1, 50), 0);
    CHECK_GE(now_ns() - started_ns, 50 * 1000000LL);
    CHECK_EQ(ka_monitor_wait(monitor, &event, 0, 0), -EINVAL);
    CHECK_EQ(ka_monitor_wait(monitor, &event, -1, 0), -EINVAL);
    CHECK_EQ(ka_monitor_close(monitor), 0);
}

/* A descriptor that can't be judged leaves the set as aborted. Its event has no evidence. */
static void check_unconnected(void) {
    struct ka_monitor *monitor = open_monitor();
    struct ka_config config = unset_config();
    struct ka_event event;
    int32_t failed;
    int fd = ka_open(4, &config, &failed);
    memset(&event, 0xff, sizeof event);
    CHECK_EQ(ka_monitor_watch(monitor, fd, 5, &BACKUP, NULL), 0);
    CHECK_EQ(ka_monitor_wait(monitor, &event, 1, PATIENCE_MS), 1);
    CHECK_EQ(event.token, 5);
    CHECK_EQ(event.fd, fd);
    CHECK_EQ(event.type, KA_EVENT_FAILED);
    CHECK_EQ(event.cause, KA_CAUSE_ABORTED);
    CHECK_EQ(event.error, ENOTCONN);
    CHECK_EQ(event.byte, 0);
    CHECK_EQ(event.probes, 0);
    CHECK_EQ(event.tcp_info_length, 0);
    expect_quiet(monitor);
    CHECK_EQ(ka_close(fd), 0);
    CHECK_EQ(ka_monitor_close(monitor), 0);
}

static void check_misuse(void) {
    struct ka_monitor *monitor = open_monitor();
    static const struct ka_watch_config no_role = {.role = -1};
    static const struct ka_watch_config too_many = {.suspect_probes = 128};
    static const struct ka_watch_config too_few = {.suspect_probes = -1};
    int file = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    CHECK_EQ(ka_monitor_watch(monitor, -1, 0, &BACKUP, NULL), -EBADF);
    CHECK_EQ(ka_monitor_watch(monitor, 9999, 0, &BACKUP, NULL), -EBADF);
    CHECK_EQ(ka_monitor_listen(monitor, -1, 0), -EBADF);
    CHECK_EQ(ka_monitor_watch(monitor, file, 0, &BACKUP, NULL), -ENOTSOCK);
    CHECK_EQ(ka_monitor_watch(monitor, file, 0, &no_role, NULL), -EINVAL);
    CHECK_EQ(ka_monitor_watch(monitor, file, 0, &too_many, NULL), -EINVAL);
    CHECK_EQ(ka_monitor_watch(monitor, file, 0, &too_few, NULL), -EINVAL);
    CHECK_EQ(close(file), 0);
    CHECK_EQ(ka_monitor_close(monitor), 0);
}

/* A program that the caller starts inherits no descriptor. */
static void check_close_on_exec(void) {
    int first_free = open("/dev/null", O_RDONLY | O_CLOEXEC);
    CHECK_EQ(close(first_free), 0);
    struct ka_monitor *monitor = open_monitor();
    for (int fd = first_free; fd < first_free + 2; fd++) {
        CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
    }
    CHECK_EQ(ka_monitor_close(monitor), 0);
}

static void check_close_with_links_inside(void) {
    struct ka_monitor *monitor = open_monitor();
    struct pair pair;
    open_default(&pair);
    CHECK_EQ(ka_monitor_watch(monitor, pair.link, 1, &BACKUP, NULL), 0);
    CHECK_EQ(ka_monitor_listen(monitor, pair.listener, 2), 0);
    CHECK_EQ(ka_monitor_close(monitor), 0);
    CHECK_EQ(ka_send(pair.link, 'P'), 1); /* the link is still open */
    close_pair(&pair);
}

int main(void) {
    int descriptors = count_descriptors();
    check_many(2 * LINKS);
    check_many(7);
    check_many(1);
    check_watch_and_unwatch();
    check_reused_descriptor();
    check_bytes();
    check_listener();
    check_wake();
    check_wake_among_events();
    check_time_runs_out();
    check_unconnected();
    check_misuse();
    check_close_on_exec();
    check_close_with_links_inside();
    CHECK_EQ(count_descriptors(), descriptors);
    return 0;
}
