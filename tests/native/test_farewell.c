/* A source sends its farewell and closes with unread bytes, which resets the connection. The farewell counts,
 * even if a probe meets the reset first. */
#include "loopback.h"

#include "check.h"
#include "watch.h"

#include <poll.h>

#define MS 1000000LL

static void stand_down(struct pair *pair) {
    CHECK_EQ(ka_send(pair->link, 'P'), 1);
    await_poll(pair->peer, POLLIN);
    CHECK_EQ(ka_send(pair->peer, 'G'), 1);
    CHECK_EQ(ka_close(pair->peer), 0);
    pair->peer = -1;
    await_poll(pair->link, POLLHUP);
}

static void check_probe_finds_reset(enum ka_liveness liveness) {
    const struct ka_watch_config config = {.role = KA_ROLE_BACKUP,
                                           .liveness = (int32_t)liveness,
                                           .probe_interval_ns = MS,
                                           .probe_deadline_ns = 1000 * MS};
    struct ka_config none = unset_config();
    struct ka_event event;
    struct ka_watch watch;
    struct pair pair;
    open_pair(&pair, 4, &none);
    stand_down(&pair);
    CHECK_EQ(ka_watch_init(&watch, pair.link, 1, &config, NULL), 0);
    while (now_ns() < watch.deadline_ns) {
        /* at most a millisecond */
    }
    CHECK_EQ(ka_watch_due(&watch, &event), 1);
    CHECK_EQ(event.type, KA_EVENT_LEFT);
    CHECK_EQ(event.error, 0);
    close_pair(&pair);
}

int main(void) {
    check_probe_finds_reset(KA_LIVENESS_HOST);
    check_probe_finds_reset(KA_LIVENESS_PROCESS);
    return 0;
}
