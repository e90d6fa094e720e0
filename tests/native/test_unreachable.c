/* The network says that the peer can't be reached, while data is in flight. */
#include "loopback.h"
#include "namespace.h"

#include "check.h"

#include <errno.h>

static const struct ka_watch_config BACKUP = {.role = KA_ROLE_BACKUP};

static void check_unreachable(int family) {
    struct ka_config config = unset_config();
    struct ka_event event;
    struct pair pair;
    config.option[KA_TCP_USER_TIMEOUT] = 300;
    open_pair(&pair, family, &config);
    reject_port(pair.address.port);
    CHECK_EQ(ka_send(pair.link, 'P'), 1);
    CHECK_EQ(ka_await(pair.link, &BACKUP, PATIENCE_MS, &event), 1);
    CHECK_EQ(event.type, KA_EVENT_FAILED);
    CHECK_EQ(event.cause, KA_CAUSE_UNREACHABLE);
    CHECK_EQ(event.error, EHOSTUNREACH);
    close_pair(&pair);
}

int main(void) {
    enter_own_namespace();
    check_unreachable(4);
    check_unreachable(6);
    return 0;
}
