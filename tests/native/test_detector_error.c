/* A wait of the detector's thread that fails is told once, not until the next event. */
#include "loopback.h"

#include "check.h"
#include "wait.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>

#define HOUR_NS 3600000000000LL

static const struct ka_watch_config PROBING = {.role = KA_ROLE_BACKUP,
                                               .liveness = KA_LIVENESS_HOST,
                                               .probe_interval_ns = HOUR_NS,
                                               .probe_deadline_ns = HOUR_NS};

static pthread_t caller;
static atomic_int waits_to_fail = 1;

int __real_ka_wait_epoll(int epoll_fd, struct epoll_event *events, int capacity, int64_t deadline_ns);
int __wrap_ka_wait_epoll(int epoll_fd, struct epoll_event *events, int capacity, int64_t deadline_ns);
int __wrap_ka_wait_epoll(int epoll_fd, struct epoll_event *events, int capacity, int64_t deadline_ns) {
    if (!pthread_equal(pthread_self(), caller) && atomic_fetch_sub(&waits_to_fail, 1) > 0) {
        return -EXDEV;
    }
    return __real_ka_wait_epoll(epoll_fd, events, capacity, deadline_ns);
}

int main(void) {
    struct ka_config config = keepalive_config(1, 1, 5);
    struct ka_monitor *monitor;
    struct ka_event event;
    struct pair pair;
    caller = pthread_self();
    open_pair(&pair, 4, &config);
    CHECK_EQ(ka_monitor_open(&monitor), 0);
    CHECK_EQ(ka_monitor_watch(monitor, pair.link, 1, &PROBING, NULL), 0);
    CHECK_EQ(ka_monitor_wait(monitor, &event, 1, PATIENCE_MS), -EXDEV);
    CHECK_EQ(ka_monitor_wake(monitor), 0);
    CHECK_EQ(ka_monitor_wait(monitor, &event, 1, PATIENCE_MS), 0);
    CHECK_EQ(ka_monitor_close(monitor), 0);
    close_pair(&pair);
    return 0;
}
