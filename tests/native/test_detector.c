/*
 * Links with probes are judged on a thread of the monitor's own, whatever the caller's thread does meanwhile.
 */
#include "loopback.h"
#include "namespace.h"

#include "check.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#define MS 1000000LL
#define INTERVAL_NS (50 * MS)
#define DEADLINE_NS (800 * MS) /* a busy machine under a sanitizer answers within it */
#define SLACK_NS (1000 * MS)   /* for a busy machine under a sanitizer */

/* How long the caller doesn't wait for events: longer than any verdict takes. */
#define CALLER_BUSY_NS (DEADLINE_NS + INTERVAL_NS + 2 * SLACK_NS)

static const struct ka_watch_config PROBING = {.role = KA_ROLE_BACKUP,
                                               .suspect_probes = 8,
                                               .liveness = KA_LIVENESS_HOST,
                                               .probe_interval_ns = INTERVAL_NS,
                                               .probe_deadline_ns = DEADLINE_NS};

static struct ka_monitor *monitor;

static void open_watched(struct pair *pair) {
    struct ka_config config = keepalive_config(1, 1, 5);
    open_pair(pair, 4, &config);
    CHECK_EQ(ka_monitor_watch(monitor, pair->link, 1, &PROBING, NULL), 0);
}

static void close_unwatched(struct pair *pair) {
    CHECK_EQ(ka_monitor_unwatch(monitor, pair->link, NULL, NULL), -ENOENT);
    close_pair(pair);
}

static void be_busy(void) {
    int64_t end_ns = now_ns() + CALLER_BUSY_NS;
    while (now_ns() < end_ns) {
        usleep(1000);
    }
}

static void next_event(struct ka_event *event) {
    int64_t limit_ns = now_ns() + PATIENCE_MS * MS;
    int count = 0;
    while (count == 0 && now_ns() < limit_ns) {
        count = ka_monitor_wait(monitor, event, 1, PATIENCE_MS);
    }
    CHECK_EQ(count, 1);
}

/* The verdict comes in time, though nobody takes it. Then suspicion and verdict are taken in their order. */
static void check_busy_caller(void) {
    struct ka_event event;
    struct pair pair;
    open_watched(&pair);
    CHECK_EQ(ka_monitor_wait(monitor, &event, 1, 100), 0);
    cut_port(pair.address.port);
    int64_t cut_ns = now_ns();
    be_busy();
    next_event(&event);
    CHECK_EQ(event.type, KA_EVENT_SUSPECT);
    next_event(&event);
    CHECK_EQ(event.type, KA_EVENT_FAILED);
    CHECK_EQ(event.cause, KA_CAUSE_TIMED_OUT);
    CHECK_LE(event.verdict_ns - cut_ns, DEADLINE_NS + INTERVAL_NS + SLACK_NS);
    mend();
    close_unwatched(&pair);
}

/* A verdict that nobody has taken goes to the one who takes the link out, and to nobody else. */
static void check_unwatch_after_verdict(void) {
    struct ka_event event = {0};
    struct ka_event other;
    struct pair pair;
    open_watched(&pair);
    close_with_reset(pair.peer);
    pair.peer = -1;
    be_busy();
    CHECK_EQ(ka_monitor_unwatch(monitor, pair.link, NULL, &event), 1);
    CHECK_EQ(event.type, KA_EVENT_FAILED);
    CHECK_EQ(event.cause, KA_CAUSE_RESET);
    CHECK_EQ(event.token, 1);
    CHECK_EQ(ka_monitor_wait(monitor, &other, 1, 50), 0);
    close_unwatched(&pair);
}

/* One descriptor is watched once, with probes or without. */
static void check_watched_twice(void) {
    static const struct ka_watch_config plain = {.role = KA_ROLE_BACKUP};
    struct pair pair;
    open_watched(&pair);
    CHECK_EQ(ka_monitor_watch(monitor, pair.link, 2, &PROBING, NULL), -EEXIST);
    CHECK_EQ(ka_monitor_watch(monitor, pair.link, 2, &plain, NULL), -EEXIST);
    CHECK_EQ(ka_monitor_unwatch(monitor, pair.link, NULL, NULL), 0);
    CHECK_EQ(ka_monitor_watch(monitor, pair.link, 2, &plain, NULL), 0);
    CHECK_EQ(ka_monitor_watch(monitor, pair.link, 2, &PROBING, NULL), -EEXIST);
    CHECK_EQ(ka_monitor_unwatch(monitor, pair.link, NULL, NULL), 0);
    close_unwatched(&pair);
}

/* More verdicts than a caller has room for come one after the other. */
static void check_small_buffer(void) {
    struct pair pairs[8];
    struct ka_event event;
    for (int i = 0; i < 8; i++) {
        open_watched(&pairs[i]);
    }
    for (int i = 0; i < 8; i++) {
        close_with_reset(pairs[i].peer);
        pairs[i].peer = -1;
    }
    for (int i = 0; i < 8; i++) {
        next_event(&event);
        CHECK_EQ(event.cause, KA_CAUSE_RESET);
    }
    for (int i = 0; i < 8; i++) {
        close_unwatched(&pairs[i]);
    }
}

/* Requests to hold back that the caller is slow to take keep no other link's end from it. */
static void check_requests_hold_up_no_end(void) {
    static const struct ka_watch_config plain = {.role = KA_ROLE_BACKUP};
    struct ka_config config = keepalive_config(1, 1, 5);
    struct pair asking[3];
    struct pair ended;
    struct ka_event event;
    open_pair(&ended, 4, &config);
    CHECK_EQ(ka_monitor_watch(monitor, ended.link, 2, &plain, NULL), 0);
    for (int i = 0; i < 3; i++) {
        open_pair(&asking[i], 4, &config);
        CHECK_EQ(ka_monitor_watch(monitor, asking[i].link, 10 + (uint64_t)i, &PROBING, NULL), 0);
        CHECK_EQ(send(asking[i].peer, "H", 1, MSG_NOSIGNAL), 1);
    }
    next_event(&event);
    CHECK_EQ(event.type, KA_EVENT_HOLD_BACK);
    be_busy();
    close_with_reset(ended.peer);
    ended.peer = -1;
    await_poll(ended.link, POLLIN);
    next_event(&event);
    if (event.type == KA_EVENT_HOLD_BACK) { /* it came before the end, and after the one that was taken */
        next_event(&event);
    }
    CHECK_EQ(event.token, 2);
    CHECK_EQ(event.cause, KA_CAUSE_RESET);
    close_unwatched(&ended);
    for (int i = 0; i < 3; i++) {
        CHECK_EQ(ka_monitor_unwatch(monitor, asking[i].link, NULL, NULL), 0);
        close_unwatched(&asking[i]);
    }
}

/* A suspicion that nobody was told of is none for the next observer, which is told of it itself. */
static void check_unwatch_before_suspicion_is_taken(void) {
    struct ka_event event;
    struct ka_observation observation = {0};
    struct ka_watch_config patient = PROBING;
    struct pair pair;
    struct ka_config config = keepalive_config(1, 1, 5);
    patient.probe_deadline_ns = 4 * CALLER_BUSY_NS;
    open_pair(&pair, 4, &config);
    CHECK_EQ(ka_monitor_watch(monitor, pair.link, 1, &patient, NULL), 0);
    cut_port(pair.address.port);
    be_busy();
    CHECK_EQ(ka_monitor_unwatch(monitor, pair.link, &observation, NULL), 0);
    CHECK_EQ(ka_monitor_watch(monitor, pair.link, 1, &patient, &observation), 0);
    next_event(&event);
    CHECK_EQ(event.type, KA_EVENT_SUSPECT);
    mend();
    be_busy();
    CHECK_EQ(ka_monitor_unwatch(monitor, pair.link, &observation, NULL), 0);
    CHECK_EQ(ka_monitor_watch(monitor, pair.link, 1, &patient, &observation), 0);
    next_event(&event);
    CHECK_EQ(event.type, KA_EVENT_RECOVERED);
    CHECK_EQ(ka_monitor_unwatch(monitor, pair.link, NULL, NULL), 0);
    close_unwatched(&pair);
}

int main(void) {
    int descriptors = count_descriptors();
    enter_own_namespace();
    CHECK_EQ(ka_monitor_open(&monitor), 0);
    check_busy_caller();
    check_unwatch_after_verdict();
    check_watched_twice();
    check_small_buffer();
    check_requests_hold_up_no_end();
    check_unwatch_before_suspicion_is_taken();
    CHECK_EQ(ka_monitor_close(monitor), 0);
    CHECK_EQ(count_descriptors(), descriptors);
    return 0;
}
