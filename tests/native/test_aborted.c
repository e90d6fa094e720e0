/* `ss -K` on this host kills the connection: the cause is ABORTED. */
#include "loopback.h"
#include "namespace.h"

#include "check.h"

#include <errno.h>

static const struct ka_watch_config BACKUP = {.role = KA_ROLE_BACKUP};

static void check_aborted(int family) {
    struct ka_config config = keepalive_config(1, 1, 5);
    struct ka_event event;
    struct pair pair;
    char command[64];
    open_pair(&pair, family, &config);
    snprintf(command, sizeof command, "ss -K dport = :%u >&2", pair.address.port);
    run(command);
    CHECK_EQ(ka_await(pair.link, &BACKUP, NULL, PATIENCE_MS, &event), 1);
    CHECK_EQ(event.type, KA_EVENT_FAILED);
    CHECK_EQ(event.cause, KA_CAUSE_ABORTED);
    CHECK_EQ(event.error, ECONNABORTED);
    close_pair(&pair);
}

int main(void) {
    enter_own_namespace();
    check_aborted(4);
    check_aborted(6);
    return 0;
}
