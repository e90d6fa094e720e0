/*
 * A container's seccomp profile that is older than epoll_pwait2(2) refuses it, often with EPERM. The monitor
 * waits with epoll_wait(2) then, whichever error the profile chose and whenever it came into force.
 */
#include "loopback.h"
#include "sandbox.h"

#include "check.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#ifndef SYS_epoll_pwait2
#define SYS_epoll_pwait2 441
#endif

#define MS 1000000LL

static const struct ka_watch_config PROBING = {.role = KA_ROLE_BACKUP,
                                               .liveness = KA_LIVENESS_PROCESS,
                                               .probe_interval_ns = 20 * MS,
                                               .probe_deadline_ns = 100 * MS};

static void next_event(struct ka_monitor *monitor, struct ka_event *event) {
    int64_t deadline_ns = now_ns() + PATIENCE_MS * MS;
    int count;
    do { /* 0 means that the set has changed */
        count = ka_monitor_wait(monitor, event, 1, PATIENCE_MS);
    } while (count == 0 && now_ns() < deadline_ns);
    CHECK_EQ(count, 1);
}

static void check_monitor(struct ka_monitor *monitor) {
    struct ka_config none = unset_config();
    struct ka_event event;
    struct pair hung;
    struct pair closed;
    open_pair(&hung, 4, &none);
    open_pair(&closed, 4, &none);
    CHECK_EQ(ka_monitor_wait(monitor, &event, 1, 20), 0);
    CHECK_EQ(ka_monitor_watch(monitor, closed.link, 1, &PROBING, NULL), 0);
    CHECK_EQ(shutdown(closed.peer, SHUT_WR), 0); /* close(2) would reset the connection: a probe is unread */
    next_event(monitor, &event);
    CHECK_EQ(event.cause, KA_CAUSE_CLOSED);
    int64_t started_ns = now_ns();
    CHECK_EQ(ka_monitor_watch(monitor, hung.link, 2, &PROBING, NULL), 0);
    next_event(monitor, &event);
    CHECK_EQ(event.cause, KA_CAUSE_HUNG);
    CHECK_LE(event.verdict_ns - started_ns, 1120 * MS);
    close_pair(&hung);
    close_pair(&closed);
}

static uint32_t error;

static void refuse_pwait2(void) {
    refuse(SYS_epoll_pwait2, ANY_ARGUMENT, error);
}

static void check_refused_before_open(void) {
    struct ka_monitor *monitor;
    refuse_pwait2();
    CHECK_EQ(ka_monitor_open(&monitor), 0);
    check_monitor(monitor);
    CHECK_EQ(ka_monitor_close(monitor), 0);
}

static void check_refused_after_open(void) {
    struct ka_monitor *monitor;
    CHECK_EQ(ka_monitor_open(&monitor), 0);
    refuse_pwait2();
    check_monitor(monitor);
    CHECK_EQ(ka_monitor_close(monitor), 0);
}

int main(void) {
    static const uint32_t errors[] = {EPERM, ENOSYS, EACCES, EOPNOTSUPP, EINVAL};
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        error = errors[i];
        check_in_child(check_refused_before_open);
        check_in_child(check_refused_after_open);
    }
    return 0;
}
