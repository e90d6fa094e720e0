/* The network reports the peer unreachable while data or a probe is in flight. */
#include "loopback.h"
#include "namespace.h"

#include "check.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

static const struct ka_watch_config BACKUP = {.role = KA_ROLE_BACKUP};

static void check_unreachable(int family) {
    struct ka_config config = unset_config();
    struct ka_event event;
    struct pair pair;
    config.option[KA_TCP_USER_TIMEOUT] = 300;
    open_pair(&pair, family, &config);
    reject_port(pair.address.port);
    CHECK_EQ(ka_send(pair.link, 'P'), 1);
    CHECK_EQ(ka_await(pair.link, &BACKUP, NULL, PATIENCE_MS, &event), 1);
    CHECK_EQ(event.type, KA_EVENT_FAILED);
    CHECK_EQ(event.cause, KA_CAUSE_UNREACHABLE);
    CHECK_EQ(event.error, EHOSTUNREACH);
    close_pair(&pair);
}

static void check_unreachable_probe(int family) {
    struct ka_watch_config probing = {.role = KA_ROLE_BACKUP,
                                      .liveness = KA_LIVENESS_HOST,
                                      .probe_interval_ns = 20000000,
                                      .probe_deadline_ns = 200000000};
    struct ka_config config = unset_config();
    struct ka_event event;
    struct pair pair;
    open_pair(&pair, family, &config);
    reject_port(pair.address.port);
    CHECK_EQ(ka_await(pair.link, &probing, NULL, PATIENCE_MS, &event), 1);
    CHECK_EQ(event.cause, KA_CAUSE_UNREACHABLE);
    CHECK_EQ(event.error, EHOSTUNREACH);
    close_pair(&pair);
}

/* The FIN arrived. That its acknowledgement was rejected doesn't change the cause. */
static void check_closed_though_unreachable(void) {
    struct ka_config config = unset_config();
    struct ka_event event;
    struct pair pair;
    open_pair(&pair, 4, &config);
    reject_port(pair.address.port);
    CHECK_EQ(shutdown(pair.peer, SHUT_WR), 0);
    usleep(100 * 1000); /* the acknowledgement may be delayed by 40 ms */
    CHECK_EQ(ka_await(pair.link, &BACKUP, NULL, PATIENCE_MS, &event), 1);
    CHECK_EQ(event.cause, KA_CAUSE_CLOSED);
    CHECK_EQ(event.error, 0);
    close_pair(&pair);
}

int main(void) {
    enter_own_namespace();
    check_unreachable(4);
    check_unreachable(6);
    check_unreachable_probe(4);
    check_unreachable_probe(6);
    check_closed_though_unreachable();
    return 0;
}
