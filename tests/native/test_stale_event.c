/*
 * The narrowest of the monitor's races, forced: epoll_wait(2) has reported a link, and before it is judged
 * another thread takes the link out, closes it and puts a new one under the same number in.
 */
#include "loopback.h"

#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <unistd.h>

static const struct ka_watch_config BACKUP = {.role = KA_ROLE_BACKUP};

static struct ka_monitor *monitor;
static struct pair old;
static struct pair new;
static int swaps;

int __real_ka_wait_epoll(int epoll_fd, struct epoll_event *events, int capacity, int64_t deadline_ns);
int __wrap_ka_wait_epoll(int epoll_fd, struct epoll_event *events, int capacity, int64_t deadline_ns);

static void swap(void) {
    swaps++;
    CHECK_EQ(ka_monitor_unwatch(monitor, old.link), 0);
    CHECK_EQ(dup3(new.link, old.link, O_CLOEXEC), old.link);
    CHECK_EQ(ka_monitor_watch(monitor, old.link, 2, &BACKUP), 0);
}

int __wrap_ka_wait_epoll(int epoll_fd, struct epoll_event *events, int capacity, int64_t deadline_ns) {
    int count = __real_ka_wait_epoll(epoll_fd, events, capacity, deadline_ns);
    if (count > 0 && swaps == 0) {
        swap();
    }
    return count;
}

int main(void) {
    struct ka_config config = keepalive_config(1, 1, 5);
    struct ka_event event;
    open_pair(&old, 4, &config);
    open_pair(&new, 4, &config);
    CHECK_EQ(ka_monitor_open(&monitor), 0);
    CHECK_EQ(ka_monitor_watch(monitor, old.link, 1, &BACKUP), 0);
    close_with_reset(old.peer);
    old.peer = -1;
    CHECK_EQ(ka_monitor_wait(monitor, &event, 1, 100), 0);
    CHECK_EQ(swaps, 1);

    close_with_reset(new.peer);
    new.peer = -1;
    CHECK_EQ(ka_monitor_wait(monitor, &event, 1, PATIENCE_MS), 1);
    CHECK_EQ(event.token, 2);
    CHECK_EQ(event.cause, KA_CAUSE_RESET);
    CHECK_EQ(ka_monitor_close(monitor), 0);
    close_pair(&old);
    close_pair(&new);
    return 0;
}
