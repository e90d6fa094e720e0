/*
 * Forces a race: epoll_wait(2) has returned a link, and before the monitor judges it, another thread
 * unwatches and closes it and reuses its descriptor number. The old event is dropped.
 */
#include "loopback.h"

#include "check.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <unistd.h>

static const struct ka_watch_config BACKUP = {.role = KA_ROLE_BACKUP};

static struct ka_monitor *monitor;
static struct pair old;
static struct pair new;

/* Called once, after epoll_wait(2) has returned and before the monitor judges its result. */
static void (*meanwhile)(void);

int __real_ka_wait_epoll(int epoll_fd, struct epoll_event *events, int capacity, int64_t deadline_ns);
int __wrap_ka_wait_epoll(int epoll_fd, struct epoll_event *events, int capacity, int64_t deadline_ns);

int __wrap_ka_wait_epoll(int epoll_fd, struct epoll_event *events, int capacity, int64_t deadline_ns) {
    int count = __real_ka_wait_epoll(epoll_fd, events, capacity, deadline_ns);
    if (count > 0 && meanwhile != NULL) {
        meanwhile();
        meanwhile = NULL;
    }
    return count;
}

static void remove_old(void) {
    CHECK_EQ(ka_monitor_unwatch(monitor, old.link, NULL, NULL), 0);
}

static void replace_by_link(void) {
    remove_old();
    CHECK_EQ(dup3(new.link, old.link, O_CLOEXEC), old.link);
    CHECK_EQ(ka_monitor_watch(monitor, old.link, 2, &BACKUP, NULL), 0);
}

static void replace_by_listener(void) {
    remove_old();
    CHECK_EQ(dup3(new.listener, old.link, O_CLOEXEC), old.link);
    CHECK_EQ(ka_monitor_listen(monitor, old.link, 2), 0);
}

static void expect_no_event(void (*change)(void)) {
    struct ka_config config = keepalive_config(1, 1, 5);
    struct ka_event event;
    open_pair(&old, 4, &config);
    open_pair(&new, 4, &config);
    CHECK_EQ(ka_monitor_open(&monitor), 0);
    CHECK_EQ(ka_monitor_watch(monitor, old.link, 1, &BACKUP, NULL), 0);
    close_with_reset(old.peer);
    old.peer = -1;
    meanwhile = change;
    CHECK_EQ(ka_monitor_wait(monitor, &event, 1, 50), 0);
    CHECK(meanwhile == NULL);
}

static void expect_new_event(int type) {
    struct ka_event event;
    CHECK_EQ(ka_monitor_wait(monitor, &event, 1, PATIENCE_MS), 1);
    CHECK_EQ(event.token, 2);
    CHECK_EQ(event.type, type);
}

static void close_all(void) {
    CHECK_EQ(ka_monitor_close(monitor), 0);
    close_pair(&old);
    close_pair(&new);
}

int main(void) {
    struct ka_config config = unset_config();

    expect_no_event(remove_old);
    close_all();

    expect_no_event(replace_by_link);
    close_with_reset(new.peer);
    new.peer = -1;
    expect_new_event(KA_EVENT_FAILED);
    close_all();

    expect_no_event(replace_by_listener);
    int link = connect_to(&new.address, &config);
    expect_new_event(KA_EVENT_ACCEPT);
    CHECK_EQ(ka_close(link), 0);
    close_all();
    return 0;
}
