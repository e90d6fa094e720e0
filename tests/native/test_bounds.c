/* The ranges of arguments other than socket options: one below, at and one above each bound. test_options.c
 * has the socket options. */
#include "loopback.h"

#include "check.h"

#include <errno.h>
#include <string.h>

#define MS 1000000LL

static const struct ka_watch_config PROBING = {
    .role = KA_ROLE_BACKUP, .liveness = KA_LIVENESS_HOST, .probe_interval_ns = MS, .probe_deadline_ns = MS};

/* Passes the configuration to ka_monitor_watch and to ka_await. */
static void check_watch(const struct pair *pair, const struct ka_watch_config *config, int expected) {
    struct ka_monitor *monitor;
    struct ka_event event;
    CHECK_EQ(ka_monitor_open(&monitor), 0);
    CHECK_EQ(ka_monitor_watch(monitor, pair->link, 1, config, NULL), expected);
    CHECK_EQ(ka_monitor_unwatch(monitor, pair->link, NULL, NULL), expected == 0 ? 0 : -ENOENT);
    CHECK_EQ(ka_monitor_close(monitor), 0);
    CHECK_EQ(ka_await(pair->link, config, NULL, 0, &event), expected);
}

static void check_role(const struct pair *pair, int32_t role, int expected) {
    struct ka_watch_config config = {.role = role};
    struct ka_event event;
    check_watch(pair, &config, expected);
    CHECK_EQ(ka_classify(pair->link, &config, NULL, &event), expected);
}

static void check_liveness(const struct pair *pair, int32_t liveness, int expected) {
    struct ka_watch_config config = PROBING;
    config.liveness = liveness;
    check_watch(pair, &config, expected);
}

static void check_defer_evidence(const struct pair *pair, int32_t defer, int expected) {
    struct ka_watch_config config = PROBING;
    config.defer_evidence = defer;
    check_watch(pair, &config, expected);
}

static void check_interval(const struct pair *pair, int64_t interval_ns, int expected) {
    struct ka_watch_config config = PROBING;
    config.probe_interval_ns = interval_ns;
    check_watch(pair, &config, expected);
}

static void check_deadline(const struct pair *pair, int64_t deadline_ns, int expected) {
    struct ka_watch_config config = PROBING;
    config.probe_deadline_ns = deadline_ns;
    check_watch(pair, &config, expected);
}

static void check_watch_configs(void) {
    struct ka_config none = unset_config();
    struct pair pair;
    open_pair(&pair, 4, &none);
    check_role(&pair, KA_ROLE_BACKUP - 1, -EINVAL);
    check_role(&pair, KA_ROLE_BACKUP, 0);
    check_role(&pair, KA_ROLE_SOURCE, 0);
    check_role(&pair, KA_ROLE_SOURCE + 1, -EINVAL);
    check_defer_evidence(&pair, -1, -EINVAL);
    check_defer_evidence(&pair, 0, 0);
    check_defer_evidence(&pair, 1, 0);
    check_defer_evidence(&pair, 2, -EINVAL);
    check_liveness(&pair, KA_LIVENESS_KEEPALIVE - 1, -EINVAL);
    check_liveness(&pair, KA_LIVENESS_KEEPALIVE, 0);
    check_liveness(&pair, KA_LIVENESS_PROCESS, 0);
    check_liveness(&pair, KA_LIVENESS_PROCESS + 1, -EINVAL);
    check_interval(&pair, 0, -EINVAL);
    check_interval(&pair, MS - 1, -EINVAL);
    check_interval(&pair, MS, 0);
    check_deadline(&pair, 0, -EINVAL);
    check_deadline(&pair, MS - 1, -EINVAL);
    check_deadline(&pair, MS, 0);
    close_pair(&pair);
}

static void check_suspect_probes(int32_t probes, int expected) {
    struct ka_config none = unset_config();
    struct ka_watch_config config = {.role = KA_ROLE_BACKUP, .suspect_probes = probes};
    struct ka_monitor *monitor;
    struct pair pair;
    open_pair(&pair, 4, &none);
    CHECK_EQ(ka_monitor_open(&monitor), 0);
    CHECK_EQ(ka_monitor_watch(monitor, pair.link, 1, &config, NULL), expected);
    CHECK_EQ(ka_monitor_close(monitor), 0);
    close_pair(&pair);
}

static void check_family(int family, int expected) {
    struct ka_config none = unset_config();
    struct ka_address address = {.family = (uint16_t)family};
    int32_t failed = -1;
    int fd = ka_open(4, &none, &failed);
    CHECK_EQ(ka_open(family, &none, &failed), expected);
    CHECK_EQ(failed, KA_STEP_SOCKET);
    CHECK_EQ(ka_connect(fd, &address, 1), expected);
    CHECK_EQ(ka_close(fd), 0);
}

static void check_timeouts(void) {
    struct ka_config none = unset_config();
    struct ka_event event;
    struct pair pair;
    open_pair(&pair, 4, &none);
    CHECK_EQ(ka_handshake(pair.link, -1), -EINVAL);
    CHECK_EQ(ka_handshake(pair.link, 0), -EINVAL);
    CHECK_EQ(ka_handshake(pair.link, 1), -ETIME);
    CHECK_EQ(ka_send(pair.peer, 'A'), 1);
    CHECK_EQ(ka_handshake(pair.link, INT32_MAX), 0);
    CHECK_EQ(ka_await(pair.link, &PROBING, NULL, 0, &event), 0);
    CHECK_EQ(ka_shutdown(pair.link), 0);
    CHECK_EQ(ka_await(pair.link, &PROBING, NULL, INT32_MAX, &event), 1);
    close_pair(&pair);
}

/* The kernel fills no more bytes than there is room for. */
static void check_tcp_info_size(void) {
    struct ka_config none = unset_config();
    struct pair pair;
    uint8_t info[KA_TCP_INFO_SIZE + 1];
    open_pair(&pair, 4, &none);
    int whole = ka_tcp_info(pair.link, info, KA_TCP_INFO_SIZE);
    CHECK_GE(whole, 104); /* the size in Linux 2.6 */
    CHECK_EQ(ka_tcp_info(pair.link, info, 0), 0);
    memset(info, 0xa5, sizeof info);
    CHECK_EQ(ka_tcp_info(pair.link, info, 1), 1);
    CHECK_EQ(info[1], 0xa5);
    memset(info, 0xa5, sizeof info);
    CHECK_EQ(ka_tcp_info(pair.link, info, (uint32_t)whole - 1), whole - 1);
    CHECK_EQ(info[whole - 1], 0xa5);
    close_pair(&pair);
}

static void check_user_timeout(void) {
    struct ka_config config = unset_config();
    struct ka_config effective;
    int32_t failed;
    int fd = ka_open(4, &config, &failed);
    static const int taken_ms[] = {1, INT32_MAX, 0};
    for (size_t i = 0; i < sizeof taken_ms / sizeof taken_ms[0]; i++) {
        CHECK_EQ(ka_set_user_timeout(fd, taken_ms[i]), 0);
        CHECK_EQ(ka_effective(fd, &effective), 0);
        CHECK_EQ(effective.option[KA_TCP_USER_TIMEOUT], taken_ms[i]);
    }
    CHECK_EQ(ka_set_user_timeout(fd, -1), -EINVAL);
    CHECK_EQ(ka_close(fd), 0);
    CHECK_EQ(ka_set_user_timeout(fd, 1), -EBADF);
}

int main(void) {
    int descriptors = count_descriptors();
    check_watch_configs();
    check_suspect_probes(-1, -EINVAL);
    check_suspect_probes(0, 0);
    check_suspect_probes(127, 0);
    check_suspect_probes(128, -EINVAL);
    check_family(3, -EAFNOSUPPORT);
    check_family(5, -EAFNOSUPPORT);
    check_family(7, -EAFNOSUPPORT);
    check_timeouts();
    check_tcp_info_size();
    check_user_timeout();
    CHECK_EQ(count_descriptors(), descriptors);
    return 0;
}
