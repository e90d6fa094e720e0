/*
 * What the kernel tells of the interfaces that links depend on waits in a queue. The others don't fill it.
 * What was told before a link was watched isn't about that link. The kernel drops what it tells of interfaces
 * when the reader's queue is full. Then the shim asks how they are: what was lost, deleted or found again
 * meanwhile counts as if it had been heard.
 */
#include "cable.h"
#include "namespace.h"

#include "carrier.h"
#include "check.h"
#include "set.h"

#include <linux/sock_diag.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#define MS 1000000LL
#define LINKS 3

/* The smallest queue that the kernel allows: SOCK_MIN_RCVBUF. */
static void shrink_queue(const struct ka_set *set) {
    int least = 1;
    CHECK_EQ(setsockopt(set->carrier_fd, SOL_SOCKET, SO_RCVBUF, &least, sizeof least), 0);
}

static uint32_t dropped(const struct ka_set *set) {
    uint32_t memory[SK_MEMINFO_VARS] = {0};
    socklen_t length = sizeof memory;
    CHECK_EQ(getsockopt(set->carrier_fd, SOL_SOCKET, SO_MEMINFO, memory, &length), 0);
    return memory[SK_MEMINFO_DROPS];
}

static void change_much(const char *interface) {
    char command[128];
    snprintf(command, sizeof command,
             "for mtu in 1400 1401 1402 1403 1404 1405 1406 1407; do ip link set %s mtu $mtu; done",
             interface);
    run(command);
}

static void fill_queue(const struct ka_set *set) {
    change_much("near0");
    CHECK_GE(dropped(set), 1);
}

static int judge(struct ka_set *set, struct ka_event *event) {
    struct epoll_event ready[1];
    int woken = 0;
    int count = ka_set_wait(set, ready, 1, now_ns() + 100 * MS);
    CHECK_GE(count, 0);
    return ka_set_judge(set, ready, count, event, 1, &woken);
}

/* The kernel tells of a carrier from a work queue, so it may come after the command's end. */
static void await_event(struct ka_set *set, struct ka_event *event) {
    int64_t limit_ns = now_ns() + PATIENCE_MS * MS;
    int count = 0;
    while (count == 0 && now_ns() < limit_ns) {
        count = judge(set, event);
    }
    CHECK_EQ(count, 1);
}

static void open_watched(struct ka_set *set, struct pair *pair, const char *interface) {
    struct ka_watch_config config = {.role = KA_ROLE_BACKUP, .interface = index_of(interface)};
    struct ka_config plain = unset_config();
    struct ka_watch watch;
    open_far_pair(pair, &plain);
    CHECK_EQ(ka_watch_init(&watch, pair->link, 1, &config, NULL), 0);
    CHECK_EQ(ka_set_add(set, &watch), 0);
    CHECK_EQ(ka_carrier_ask(set->carrier_fd, watch.interface), 0);
}

static void check_heard_late(const char *change, int events) {
    struct pair pairs[LINKS];
    struct ka_event event;
    struct ka_set set;
    CHECK_EQ(ka_set_open(&set), 0);
    for (int i = 0; i < LINKS; i++) {
        open_watched(&set, &pairs[i], "near0");
    }
    CHECK_EQ(judge(&set, &event), 0);
    shrink_queue(&set);
    fill_queue(&set);
    run(change);
    for (int i = 0; i < events; i++) {
        await_event(&set, &event);
        CHECK_EQ(event.cause, KA_CAUSE_NO_CARRIER);
    }
    CHECK_EQ(judge(&set, &event), 0);
    ka_set_close(&set);
    for (int i = 0; i < LINKS; i++) {
        close_pair(&pairs[i]);
    }
}

/* Nobody has read what the kernel told when the link is added. */
static void check_told_before(void) {
    struct pair first;
    struct pair second;
    struct ka_event event;
    struct ka_set set;
    CHECK_EQ(ka_set_open(&set), 0);
    open_watched(&set, &first, "other0");
    CHECK_EQ(judge(&set, &event), 0);
    unplug();
    plug_in();
    open_watched(&set, &second, "near0");
    CHECK_EQ(judge(&set, &event), 0);
    CHECK_EQ(judge(&set, &event), 0);
    ka_set_close(&set);
    close_pair(&first);
    close_pair(&second);
}

/* To add a link takes what was told of the others. They are due then, and a wait under way ends. */
static void check_told_to_others(void) {
    struct pair first;
    struct pair second;
    struct ka_event event;
    struct ka_set set;
    CHECK_EQ(ka_set_open(&set), 0);
    open_watched(&set, &first, "other0");
    CHECK_EQ(judge(&set, &event), 0);
    run("ip link set other1 down");
    set.wait_end_ns = KA_NEVER; /* as while another thread waits */
    open_watched(&set, &second, "near0");
    await_poll(set.wake_fd, POLLIN);
    await_event(&set, &event);
    CHECK_EQ(event.fd, first.link);
    CHECK_EQ(event.cause, KA_CAUSE_NO_CARRIER);
    ka_set_close(&set);
    close_pair(&first);
    close_pair(&second);
    run("ip link set other1 up");
}

/* The loss is read before the farewell that came meanwhile, and yet the farewell counts. */
static void check_farewell(void) {
    struct pair pair;
    struct ka_event event;
    struct ka_set set;
    CHECK_EQ(ka_set_open(&set), 0);
    open_watched(&set, &pair, "other0");
    CHECK_EQ(judge(&set, &event), 0);
    run("ip link set other1 down");
    await_poll(set.carrier_fd, POLLIN);
    CHECK_EQ(ka_send(pair.peer, 'G'), 1);
    await_poll(pair.link, POLLIN);
    await_event(&set, &event);
    CHECK_EQ(event.type, KA_EVENT_LEFT);
    ka_set_close(&set);
    close_pair(&pair);
    run("ip link set other1 up");
}

static int is_told(const struct ka_set *set) {
    struct pollfd entry = {.fd = set->carrier_fd, .events = POLLIN};
    return poll(&entry, 1, 0);
}

/* However many others change, the queue stays empty, and the thread is not woken. */
static void check_others_are_not_told(void) {
    struct pair pair;
    struct ka_event event;
    struct ka_set set;
    CHECK_EQ(ka_set_open(&set), 0);
    open_watched(&set, &pair, "near0");
    CHECK_EQ(judge(&set, &event), 0);
    shrink_queue(&set);
    change_much("other0");
    run("ip link set other1 down && ip link set other1 up");
    CHECK_EQ(dropped(&set), 0);
    CHECK_EQ(is_told(&set), 0);
    change_much("near0");
    CHECK_EQ(is_told(&set), 1);
    ka_set_close(&set);
    close_pair(&pair);
}

static void add_fake(struct ka_set *set, const struct pair *pair, int32_t interface) {
    struct ka_watch_config config = {.role = KA_ROLE_BACKUP, .interface = interface};
    struct ka_watch watch;
    CHECK_EQ(ka_watch_init(&watch, dup(pair->link), 1, &config, NULL), 0);
    CHECK_EQ(ka_set_add(set, &watch), 0);
}

static void remove_fakes(struct ka_set *set, int first) {
    for (int fd = first; fd < set->by_fd_size; fd++) {
        if (ka_set_contains(set, fd)) {
            CHECK_EQ(ka_set_remove(set, fd, NULL), 0);
            CHECK_EQ(close(fd), 0);
        }
    }
}

/* Of more interfaces than the filter takes, each is heard of. Those of links that are gone don't count. */
static void check_many_interfaces(int most, int live) {
    struct pair pair;
    struct ka_event event;
    struct ka_set set;
    CHECK_EQ(ka_set_open(&set), 0);
    open_watched(&set, &pair, "near0");
    for (int i = 0; i < most; i++) {
        add_fake(&set, &pair, 1000 + i);
        if (!live) {
            remove_fakes(&set, pair.peer + 1);
        }
    }
    CHECK_EQ(judge(&set, &event), 0);
    change_much("other0");
    CHECK_EQ(is_told(&set), live);
    unplug();
    await_event(&set, &event);
    CHECK_EQ(event.cause, KA_CAUSE_NO_CARRIER);
    remove_fakes(&set, pair.peer + 1);
    ka_set_close(&set);
    close_pair(&pair);
    plug_in();
}

int main(void) {
    lay_cable();
    run("ip link add other0 type veth peer name other1 && ip link set other0 up && ip link set other1 up");
    check_told_before();
    check_told_to_others();
    check_farewell();
    check_others_are_not_told();
    check_many_interfaces(KA_CARRIER_MOST, 1);
    check_many_interfaces(KA_CARRIER_MOST, 0);
    check_heard_late("true", 0);
    check_heard_late("ip link set near0 down && ip link set near0 up", LINKS);
    plug_in();
    check_heard_late("ip link set near0 down", LINKS);
    run("ip link set near0 up");
    plug_in();
    check_heard_late("ip link del near0", LINKS);
    return 0;
}
