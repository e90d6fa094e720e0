/* The peer's host falls silent. Keepalive ends an idle link, the user timeout a link with data in flight. */
#include "loopback.h"
#include "namespace.h"

#include "check.h"

#include <errno.h>

#define LINKS 4
#define MS 1000000LL

static const struct ka_watch_config BACKUP = {.role = KA_ROLE_BACKUP};

static void check_event(const struct ka_event *event, int64_t cut_ns) {
    CHECK_EQ(event->type, KA_EVENT_FAILED);
    CHECK_EQ(event->cause, KA_CAUSE_TIMED_OUT);
    CHECK_EQ(event->error, ETIMEDOUT);
    CHECK_LE(event->last_heard_ns, cut_ns);
    if (event->token < 2) { /* idle + count * interval, never earlier */
        CHECK_EQ(event->probes, 1);
        CHECK_GE(event->verdict_ns - event->last_heard_ns, 1990 * MS);
        /* a busy machine takes seconds to cut all links, and to run this thread */
        CHECK_LE(event->verdict_ns - event->last_heard_ns, 8000 * MS);
    }
}

int main(void) {
    struct ka_config keepalive = keepalive_config(1, 1, 1);
    struct ka_config user_timeout = unset_config();
    struct ka_monitor *monitor;
    struct ka_event events[LINKS];
    struct pair pairs[LINKS];
    int reported[LINKS] = {0};
    enter_own_namespace();
    user_timeout.option[KA_TCP_USER_TIMEOUT] = 300;
    CHECK_EQ(ka_monitor_open(&monitor), 0);
    for (int i = 0; i < LINKS; i++) {
        open_pair(&pairs[i], i % 2 == 0 ? 4 : 6, i < 2 ? &keepalive : &user_timeout);
        CHECK_EQ(ka_monitor_watch(monitor, pairs[i].link, (uint64_t)i, &BACKUP, NULL), 0);
    }
    for (int i = 0; i < LINKS; i++) {
        cut_port(pairs[i].address.port);
    }
    int64_t cut_ns = now_ns();
    CHECK_EQ(ka_send(pairs[2].link, 'P'), 1);
    CHECK_EQ(ka_send(pairs[3].link, 'P'), 1);
    for (int total = 0; total < LINKS;) {
        int count = ka_monitor_wait(monitor, events, LINKS, PATIENCE_MS);
        CHECK_GE(count, 1);
        for (int i = 0; i < count; i++) {
            check_event(&events[i], cut_ns);
            CHECK_EQ(reported[events[i].token]++, 0);
        }
        total += count;
    }
    CHECK_EQ(ka_monitor_close(monitor), 0);
    for (int i = 0; i < LINKS; i++) {
        close_pair(&pairs[i]);
    }
    return 0;
}
