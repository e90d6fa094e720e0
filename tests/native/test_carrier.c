/*
 * A link ends when its interface loses its carrier: at once, whatever else the link is judged by, and with
 * KA_CAUSE_NO_CARRIER. Nothing else about an interface ends it.
 */
#include "cable.h"
#include "namespace.h"

#include "check.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#define MS 1000000LL
#define HOUR_NS 3600000000000LL
#define QUIET_MS 150
#define LINKS 8

static struct ka_monitor *monitor;

static struct ka_watch_config by_keepalive(void) {
    struct ka_watch_config config = {.role = KA_ROLE_BACKUP, .interface = index_of("near0")};
    return config;
}

/* The probes' times are so long that only the carrier can end the link. */
static struct ka_watch_config by_probes(void) {
    struct ka_watch_config config = by_keepalive();
    config.liveness = KA_LIVENESS_HOST;
    config.probe_interval_ns = 20 * MS;
    config.probe_deadline_ns = HOUR_NS;
    return config;
}

/* Without keepalive the link has no deadline. */
static void open_link(struct pair *pair) {
    struct ka_config config = unset_config();
    open_far_pair(pair, &config);
}

static void watch(const struct pair *pair, const struct ka_watch_config *config) {
    CHECK_EQ(ka_monitor_watch(monitor, pair->link, (uint64_t)pair->link, config, NULL), 0);
}

static void open_watched(struct pair *pair, const struct ka_watch_config *config) {
    open_link(pair);
    watch(pair, config);
}

static void next_event(struct ka_event *event) {
    int64_t limit_ns = now_ns() + PATIENCE_MS * MS;
    int count = 0;
    while (count == 0 && now_ns() < limit_ns) {
        count = ka_monitor_wait(monitor, event, 1, PATIENCE_MS);
    }
    CHECK_EQ(count, 1);
}

static void check_is_loss(const struct ka_event *event, const struct pair *pair) {
    CHECK_EQ(event->type, KA_EVENT_FAILED);
    CHECK_EQ(event->cause, KA_CAUSE_NO_CARRIER);
    CHECK_EQ(event->error, 0);
    CHECK_EQ(event->fd, pair->link);
    CHECK_EQ(event->token, pair->link);
    CHECK(event->tcp_info_length > 0);
}

static void check_lost(struct pair *pair) {
    struct ka_event event;
    next_event(&event);
    check_is_loss(&event, pair);
    CHECK_EQ(ka_monitor_unwatch(monitor, pair->link, NULL, NULL), -ENOENT);
    close_pair(pair);
}

static void check_kept(struct pair *pair) {
    struct ka_event event;
    CHECK_EQ(ka_monitor_wait(monitor, &event, 1, QUIET_MS), 0);
    CHECK_EQ(ka_monitor_unwatch(monitor, pair->link, NULL, NULL), 0);
    close_pair(pair);
}

static void check_unplugged(void) {
    struct ka_watch_config configs[] = {by_keepalive(), by_probes()};
    for (int i = 0; i < 2; i++) {
        struct pair pair;
        open_watched(&pair, &configs[i]);
        int64_t start_ns = now_ns();
        unplug();
        struct ka_event event;
        next_event(&event);
        check_is_loss(&event, &pair);
        CHECK_GE(event.verdict_ns, start_ns);
        CHECK_LE(event.verdict_ns, now_ns());
        close_pair(&pair);
        plug_in();
    }
}

/* As ever, it takes keepalive or probes. */
static void check_without_interface(void) {
    struct ka_watch_config configs[] = {by_keepalive(), by_probes()};
    for (int i = 0; i < 2; i++) {
        struct pair pair;
        configs[i].interface = 0;
        open_watched(&pair, &configs[i]);
        unplug();
        check_kept(&pair);
        plug_in();
    }
}

static void check_unplugged_before(void) {
    struct ka_watch_config config = by_keepalive();
    struct pair pair;
    open_link(&pair);
    unplug();
    watch(&pair, &config);
    check_lost(&pair);
    plug_in();
}

/* What was before the watch began doesn't count. */
static void check_flap_before(void) {
    struct ka_watch_config config = by_keepalive();
    struct pair pair;
    open_link(&pair);
    unplug();
    plug_in();
    watch(&pair, &config);
    check_kept(&pair);
}

static void check_flap(void) {
    struct ka_watch_config config = by_keepalive();
    struct pair pair;
    open_watched(&pair, &config);
    run_far("ip link set far0 down && ip link set far0 up");
    check_lost(&pair);
    plug_in();
}

static void check_taken_down(void) {
    struct ka_watch_config config = by_probes();
    struct pair pair;
    open_watched(&pair, &config);
    run("ip link set near0 down");
    check_lost(&pair);
    run("ip link set near0 up");
    plug_in();
}

/* Another interface's loss, a new address, another MTU, another name, a bridge's port that is none any more.
 */
static void check_other_changes(void) {
    struct ka_watch_config config = by_keepalive();
    struct pair pair;
    run("ip link add other0 type veth peer name other1 && ip link add bridge0 type bridge");
    run("ip link set other0 up && ip link set other1 up && ip link set bridge0 up");
    open_watched(&pair, &config);
    run("ip link set other1 down && ip link del other0");
    run("ip address add 198.18.7.1/24 dev near0 && ip link set near0 mtu 1400");
    run("ip link set near0 master bridge0 && ip link set near0 nomaster && ip link del bridge0");
    run("ip link property add dev near0 altname cable0");
    check_kept(&pair);
}

/* Until Linux 6.2 an interface that is up can't be renamed. */
static void check_renamed(void) {
    struct ka_watch_config config = by_keepalive();
    struct pair pair;
    if (system("ip link set near0 name renamed0 2>/dev/null") != 0) {
        return;
    }
    run("ip link set renamed0 name near0");
    open_watched(&pair, &config);
    run("ip link set near0 name renamed0 && ip link set renamed0 name near0");
    check_kept(&pair);
}

/* The socket's last word is heard first. */
static void check_farewell(void) {
    struct ka_watch_config config = by_keepalive();
    struct ka_event event;
    struct pair pair;
    open_link(&pair);
    CHECK_EQ(ka_send(pair.peer, 'H'), 1);
    CHECK_EQ(ka_send(pair.peer, 'G'), 1);
    await_poll(pair.link, POLLIN);
    usleep(QUIET_MS * 1000);
    unplug();
    watch(&pair, &config);
    next_event(&event);
    CHECK_EQ(event.type, KA_EVENT_LEFT);
    close_pair(&pair);
    plug_in();
}

/* One event loses them all, more than the detector or the caller has room for. */
static void check_many(void) {
    struct ka_watch_config config = by_keepalive();
    struct pair pairs[LINKS];
    int descriptors = count_descriptors();
    open_watched(&pairs[0], &config);
    descriptors = count_descriptors() - descriptors;
    for (int i = 1; i < LINKS; i++) {
        int before = count_descriptors();
        open_watched(&pairs[i], &config);
        CHECK_LE(count_descriptors() - before, descriptors); /* the netlink socket is one for all */
    }
    unplug();
    int seen = 0;
    for (int i = 0; i < LINKS; i++) {
        struct ka_event event;
        next_event(&event);
        CHECK_EQ(event.cause, KA_CAUSE_NO_CARRIER);
        seen |= 1 << (event.token - (uint64_t)pairs[0].link) % 31;
    }
    for (int i = 0; i < LINKS; i++) {
        CHECK_EQ(ka_monitor_unwatch(monitor, pairs[i].link, NULL, NULL), -ENOENT);
        close_pair(&pairs[i]);
    }
    CHECK_EQ(__builtin_popcount((unsigned)seen), LINKS);
    plug_in();
}

static void check_bad_values(void) {
    struct ka_watch_config config = by_keepalive();
    struct pair pair;
    open_link(&pair);
    config.role = KA_ROLE_SOURCE;
    CHECK_EQ(ka_monitor_watch(monitor, pair.link, 1, &config, NULL), -EINVAL);
    config.role = KA_ROLE_BACKUP;
    config.interface = -1;
    CHECK_EQ(ka_monitor_watch(monitor, pair.link, 1, &config, NULL), -EINVAL);
    config.interface = 1 << 20;
    watch(&pair, &config); /* no such interface */
    check_lost(&pair);
}

/* A refused link is as before, and the monitor, too. */
static void check_other_namespace(void) {
    struct ka_watch_config config = by_keepalive();
    struct ka_monitor *fresh;
    struct ka_event event;
    struct pair pair;
    open_link(&pair);
    CHECK_EQ(ka_monitor_open(&fresh), 0);
    go_far();
    CHECK_EQ(ka_monitor_watch(fresh, pair.link, 1, &config, NULL), -EREMOTE);
    CHECK_EQ(ka_await(pair.link, &config, NULL, 0, &event), -EREMOTE);
    come_back();
    CHECK_EQ(ka_monitor_watch(fresh, pair.link, 1, &config, NULL), 0);
    go_far();
    CHECK_EQ(ka_monitor_watch(fresh, pair.peer, 2, &config, NULL), -EREMOTE);
    come_back();
    CHECK_EQ(ka_monitor_wait(fresh, &event, 1, QUIET_MS), 0);
    CHECK_EQ(ka_monitor_close(fresh), 0);
    close_pair(&pair);
}

static void check_await(const struct ka_watch_config *config) {
    struct ka_observation observation = {0};
    struct ka_event event;
    struct pair pair;
    int descriptors = count_descriptors();
    open_link(&pair);
    CHECK_EQ(ka_await(pair.link, config, &observation, QUIET_MS, &event), 0);
    unplug();
    CHECK_EQ(ka_await(pair.link, config, &observation, 0, &event), 1);
    CHECK_EQ(event.cause, KA_CAUSE_NO_CARRIER);
    close_pair(&pair);
    CHECK_EQ(count_descriptors(), descriptors);
    plug_in();
}

/* A loss between two waits is one for the second. */
static void check_await_after_flap(void) {
    struct ka_watch_config config = by_keepalive();
    struct ka_observation observation = {0};
    struct ka_event event;
    struct pair pair;
    open_link(&pair);
    CHECK_EQ(ka_await(pair.link, &config, &observation, 0, &event), 0);
    unplug();
    plug_in();
    CHECK_EQ(ka_await(pair.link, &config, NULL, 0, &event), 0);
    CHECK_EQ(ka_await(pair.link, &config, &observation, 0, &event), 1);
    CHECK_EQ(event.cause, KA_CAUSE_NO_CARRIER);
    close_pair(&pair);
}

static void check_await_meanwhile(void) {
    struct ka_watch_config config = by_keepalive();
    struct ka_event event;
    struct pair pair;
    open_link(&pair);
    CHECK_EQ(system("(sleep 0.1; ip link set near0 down) >/dev/null 2>&1 &"), 0);
    CHECK_EQ(ka_await(pair.link, &config, NULL, PATIENCE_MS, &event), 1);
    CHECK_EQ(event.cause, KA_CAUSE_NO_CARRIER);
    close_pair(&pair);
    run("ip link set near0 up");
    plug_in();
}

static void check_classify(void) {
    struct ka_watch_config config = by_keepalive();
    struct ka_event event;
    struct pair pair;
    open_link(&pair);
    CHECK_EQ(ka_classify(pair.link, &config, NULL, &event), 0);
    unplug();
    CHECK_EQ(ka_classify(pair.link, &config, NULL, &event), 1);
    CHECK_EQ(event.cause, KA_CAUSE_NO_CARRIER);
    config.interface = 0;
    CHECK_EQ(ka_classify(pair.link, &config, NULL, &event), 0);
    close_pair(&pair);
    plug_in();
}

/* An interface on top of another one loses its carrier with it. */
static void check_stacked(void) {
    struct ka_watch_config config = by_keepalive();
    struct pair pair;
    run("ip link add link near0 name near0.5 type macvlan && ip link set near0.5 up");
    open_link(&pair);
    config.interface = index_of("near0.5");
    watch(&pair, &config);
    unplug();
    check_lost(&pair);
    plug_in();
    run("ip link del near0.5");
}

/* The last of the cable. */
static void check_moved_and_deleted(void) {
    struct ka_watch_config config = by_keepalive();
    struct pair pair;
    run("ip link add other0 type veth peer name other1");
    run("ip link set other0 up && ip link set other1 up");
    config.interface = index_of("other0");
    open_link(&pair);
    watch(&pair, &config);
    run("ip link del other1");
    check_lost(&pair);
    config = by_keepalive();
    open_watched(&pair, &config);
    move_away("near0");
    check_lost(&pair);
}

int main(void) {
    lay_cable();
    int descriptors = count_descriptors();
    struct ka_watch_config configs[] = {by_keepalive(), by_probes()};
    CHECK_EQ(ka_monitor_open(&monitor), 0);
    check_unplugged();
    check_without_interface();
    check_unplugged_before();
    check_flap_before();
    check_flap();
    check_taken_down();
    check_other_changes();
    check_renamed();
    check_farewell();
    check_many();
    check_bad_values();
    check_other_namespace();
    check_await(&configs[0]);
    check_await(&configs[1]);
    check_await_after_flap();
    check_await_meanwhile();
    check_classify();
    check_stacked();
    check_moved_and_deleted();
    CHECK_EQ(ka_monitor_close(monitor), 0);
    CHECK_EQ(count_descriptors(), descriptors);
    return 0;
}
