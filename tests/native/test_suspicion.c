/*
 * Four links. Two are cut and become suspect: the one that is mended recovers, the other one fails. A third
 * is cut, but asks for no suspicion, and only fails. The fourth is never cut and has no event.
 */
#include "loopback.h"
#include "namespace.h"

#include "check.h"

#include <errno.h>

#define MS 1000000LL

enum { MENDED, LOST, UNSUSPECTING, WELL, LINKS };

static struct ka_monitor *monitor;
static struct pair pairs[LINKS];

static void watch(int link, const struct ka_config *config, int suspect_probes) {
    struct ka_watch_config watch_config = {.role = KA_ROLE_BACKUP, .suspect_probes = suspect_probes};
    open_pair(&pairs[link], link == LOST ? 6 : 4, config);
    CHECK_EQ(ka_monitor_watch(monitor, pairs[link].link, (uint64_t)link, &watch_config, NULL), 0);
}

static void next_event(struct ka_event *event) {
    int64_t deadline_ns = now_ns() + PATIENCE_MS * MS;
    int count;
    do { /* 0 means that the set has changed */
        count = ka_monitor_wait(monitor, event, 1, PATIENCE_MS);
    } while (count == 0 && now_ns() < deadline_ns);
    CHECK_EQ(count, 1);
}

static void check_suspect(const struct ka_event *event) {
    int64_t silence_ns = event->verdict_ns - event->last_heard_ns;
    CHECK_EQ(event->type, KA_EVENT_SUSPECT);
    CHECK_EQ(event->cause, 0);
    CHECK_EQ(event->error, 0);
    CHECK_GE(event->probes, 1);      /* more if this process was paused */
    CHECK_GE(silence_ns, 1500 * MS); /* the probe comes after 1 s, its answer has half an interval */
    CHECK_LE(silence_ns, 4500 * MS);
}

static void expect_both_suspect(void) {
    int reported[LINKS] = {0};
    struct ka_event event;
    for (int i = 0; i < 2; i++) {
        next_event(&event);
        CHECK_LE(event.token, LOST);
        check_suspect(&event);
        CHECK_EQ(reported[event.token]++, 0);
    }
}

static void expect_recovered(int64_t mended_ns) {
    struct ka_event event;
    next_event(&event);
    CHECK_EQ(event.token, MENDED);
    CHECK_EQ(event.type, KA_EVENT_RECOVERED);
    CHECK_EQ(event.probes, 0);
    CHECK_LE(event.verdict_ns - mended_ns, 5000 * MS);
}

static void expect_others_fail(void) {
    int reported[LINKS] = {0};
    struct ka_event event;
    for (int i = 0; i < 2; i++) {
        next_event(&event);
        CHECK(event.token == LOST || event.token == UNSUSPECTING);
        CHECK_EQ(event.type, KA_EVENT_FAILED);
        CHECK_EQ(event.error, ETIMEDOUT);
        CHECK_EQ(reported[event.token]++, 0);
    }
}

int main(void) {
    struct ka_config lasting = keepalive_config(1, 1, 20);
    struct ka_config brief = keepalive_config(1, 1, 3);
    struct ka_event event;
    enter_own_namespace();
    CHECK_EQ(ka_monitor_open(&monitor), 0);
    watch(MENDED, &lasting, 1);
    watch(LOST, &brief, 1);
    watch(UNSUSPECTING, &brief, 0);
    watch(WELL, &lasting, 1);
    cut_port(pairs[MENDED].address.port);
    cut_port(pairs[LOST].address.port);
    cut_port(pairs[UNSUSPECTING].address.port);
    expect_both_suspect();
    mend_port(pairs[MENDED].address.port);
    expect_recovered(now_ns());
    expect_others_fail();
    CHECK_EQ(ka_monitor_wait(monitor, &event, 1, 500), 0);
    CHECK_EQ(ka_monitor_close(monitor), 0);
    for (int i = 0; i < LINKS; i++) {
        close_pair(&pairs[i]);
    }
    return 0;
}
