/* A source sends its farewell, or that its workload has ended, and closes with unread bytes, which resets the
 * connection. What it said counts, even if a probe meets the reset first. */
#include "loopback.h"

#include "check.h"
#include "watch.h"

#include <poll.h>

#define MS 1000000LL

static void close_after(struct pair *pair, char byte) {
    CHECK_EQ(ka_send(pair->link, 'P'), 1);
    await_poll(pair->peer, POLLIN);
    CHECK_EQ(ka_send(pair->peer, byte), 1);
    CHECK_EQ(ka_close(pair->peer), 0);
    pair->peer = -1;
    await_poll(pair->link, POLLHUP);
}

static struct ka_event probe_after(enum ka_liveness liveness, char byte) {
    const struct ka_watch_config config = {.role = KA_ROLE_BACKUP,
                                           .liveness = (int32_t)liveness,
                                           .probe_interval_ns = MS,
                                           .probe_deadline_ns = 1000 * MS};
    struct ka_config none = unset_config();
    struct ka_event event;
    struct ka_watch watch;
    struct pair pair;
    open_pair(&pair, 4, &none);
    close_after(&pair, byte);
    CHECK_EQ(ka_watch_init(&watch, pair.link, 1, &config, NULL), 0);
    while (now_ns() < watch.deadline_ns) {
        /* at most a millisecond */
    }
    CHECK_EQ(ka_watch_due(&watch, &event), 1);
    CHECK_EQ(event.error, 0);
    close_pair(&pair);
    return event;
}

static void check_probe_finds_reset(enum ka_liveness liveness) {
    CHECK_EQ(probe_after(liveness, 'G').type, KA_EVENT_LEFT);
    struct ka_event ended = probe_after(liveness, 'E');
    CHECK_EQ(ended.type, KA_EVENT_FAILED);
    CHECK_EQ(ended.cause, KA_CAUSE_WORKLOAD_ENDED);
}

int main(void) {
    check_probe_finds_reset(KA_LIVENESS_HOST);
    check_probe_finds_reset(KA_LIVENESS_PROCESS);
    return 0;
}
