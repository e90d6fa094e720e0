/* Injects faults (faults.h) into a watched link: handshake, probes, received bytes, suspicion, throttling,
 * carriers. */
#include "faults.h"

#include "loopback.h"

#include "carrier.h"
#include "check.h"
#include "set.h"
#include "watch.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HOUR_NS 3600000000000LL
#define LONG_AGO_MS 1000
#define NS_PER_MS 1000000LL

static const struct ka_watch_config BACKUP = {.role = KA_ROLE_BACKUP};
static const struct ka_watch_config SOURCE = {.role = KA_ROLE_SOURCE};
static const struct ka_watch_config SUSPICIOUS = {.role = KA_ROLE_BACKUP, .suspect_probes = 1};
static const struct ka_watch_config PROBING = {.role = KA_ROLE_BACKUP,
                                               .liveness = KA_LIVENESS_HOST,
                                               .probe_interval_ns = HOUR_NS,
                                               .probe_deadline_ns = HOUR_NS};

/* The loopback device, which is always the first, and keeps its carrier. */
static const struct ka_watch_config CARRIER = {.role = KA_ROLE_BACKUP, .interface = 1};

/* The tests' own network has no interface with this index. */
static const struct ka_watch_config LOST_CARRIER = {.role = KA_ROLE_BACKUP, .interface = INT32_MAX};

static void open_plain_pair(struct pair *pair) {
    struct ka_config config = keepalive_config(1, 1, 5);
    open_pair(pair, 4, &config);
}

/* Sends bytes and waits until they have arrived. */
static void send_bytes(int from, int to, const char *bytes) {
    CHECK_EQ(send(from, bytes, strlen(bytes), MSG_NOSIGNAL), strlen(bytes));
    await_poll(to, POLLIN);
}

/* The event may report the failed call as the link's failure. */
static int result_of(int count, const struct ka_event *event) {
    return count > 0 && event->type == KA_EVENT_FAILED ? -event->error : first_error(count, 0);
}

static int scenario_handshake(void) {
    struct pair pair;
    open_plain_pair(&pair);
    send_bytes(pair.peer, pair.link, "A");
    int result = SHIM(ka_handshake(pair.link, PATIENCE_MS));
    close_pair(&pair);
    return result;
}

static void await_acknowledged(int fd) {
    struct tcp_info info;
    do {
        socklen_t length = sizeof info;
        CHECK_EQ(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length), 0);
    } while (info.tcpi_unacked > 0);
}

/* Sends a probe, waits for its acknowledgement, and lets the shim find it. */
static int probe_once(int fd) {
    struct ka_event event;
    struct ka_watch watch;
    int result = SHIM(ka_watch_init(&watch, fd, 1, &PROBING, NULL));
    while (result == 0 && !watch.outstanding) {
        watch.next_probe_ns = now_ns();
        result = result_of(SHIM(ka_watch_due(&watch, &event)), &event);
    }
    if (result == 0) {
        await_acknowledged(fd);
        result = result_of(SHIM(ka_watch_due(&watch, &event)), &event);
    }
    CHECK(result != 0 || !watch.outstanding);
    return result;
}

static int scenario_probe(void) {
    struct pair pair;
    open_plain_pair(&pair);
    int result = probe_once(pair.link);
    close_pair(&pair);
    return result;
}

static void begin_expired(struct ka_watch *watch, int fd) {
    CHECK_EQ(ka_watch_init(watch, fd, 1, &PROBING, NULL), 0);
    watch->outstanding = 1;
    watch->answer_owed = 1;
    watch->expires_ns = now_ns();
    watch->deadline_ns = now_ns();
}

/* Judges a probe whose time is over. */
static int expire_once(int fd, enum ka_cause expected) {
    struct ka_event event;
    struct ka_watch watch;
    begin_expired(&watch, fd);
    int count = SHIM(ka_watch_due(&watch, &event));
    CHECK(count < 0 || event.cause == (int32_t)expected || event.error == INJECTED);
    return result_of(count, &event);
}

static int scenario_expiry(void) {
    struct pair pair;
    open_plain_pair(&pair);
    int result = expire_once(pair.link, KA_CAUSE_HUNG);
    if (result == 0) {
        faults.unacknowledged = 1;
        faults.sent_ms_ago = LONG_AGO_MS;
        result = expire_once(pair.link, KA_CAUSE_TIMED_OUT);
        faults.unacknowledged = 0;
    }
    close_pair(&pair);
    return result;
}

/* After a FIN, recv(2) doesn't report the reset. SO_ERROR does. */
static int scenario_reset_after_fin(void) {
    struct ka_event event;
    struct pair pair;
    open_plain_pair(&pair);
    CHECK_EQ(shutdown(pair.peer, SHUT_WR), 0);
    await_poll(pair.link, POLLIN);
    close_with_reset(pair.peer);
    pair.peer = -1;
    await_poll(pair.link, POLLHUP);
    int result = result_of(SHIM(ka_classify(pair.link, &BACKUP, NULL, &event)), &event);
    close_pair(&pair);
    return result == -EPIPE ? 0 : result;
}

static int receive(int fd, const struct ka_watch_config *config, enum ka_event_type expected) {
    struct ka_event event;
    struct ka_watch watch;
    CHECK_EQ(ka_watch_init(&watch, fd, 1, config, NULL), 0);
    int count = SHIM(ka_watch_ready(&watch, &event));
    CHECK(count <= 0 || event.type == (int32_t)expected || event.error == INJECTED);
    return result_of(count, &event);
}

static int scenario_bytes(void) {
    struct pair pair;
    open_plain_pair(&pair);
    send_bytes(pair.link, pair.peer, "Q");
    int result = receive(pair.peer, &SOURCE, KA_EVENT_QUERY);
    send_bytes(pair.link, pair.peer, "PQ");
    result = result < 0 ? result : receive(pair.peer, &SOURCE, 0);
    send_bytes(pair.link, pair.peer, "x");
    result = result < 0 ? result : receive(pair.peer, &SOURCE, KA_EVENT_VIOLATION);
    close_pair(&pair);
    return result;
}

static int scenario_farewell(void) {
    struct pair pair;
    open_plain_pair(&pair);
    send_bytes(pair.peer, pair.link, "G");
    int result = receive(pair.link, &BACKUP, KA_EVENT_LEFT);
    close_pair(&pair);
    return result;
}

static int scenario_suspicion(void) {
    struct ka_event event;
    struct ka_watch watch;
    struct pair pair;
    open_plain_pair(&pair);
    int result = SHIM(ka_watch_init(&watch, pair.link, 1, &SUSPICIOUS, NULL));
    if (result == 0) {
        result = result_of(SHIM(ka_watch_due(&watch, &event)), &event);
    }
    close_pair(&pair);
    return result;
}

/* Watches a link, takes the event that is ready, and unwatches the link. */
static int watch_once(struct ka_monitor *monitor, int fd, const struct ka_watch_config *config) {
    struct ka_event event = {0};
    int result = SHIM(ka_monitor_watch(monitor, fd, 1, config, NULL));
    if (result == 0) {
        result = result_of(SHIM(ka_monitor_wait(monitor, &event, 1, 0)), &event);
    }
    int left = SHIM(ka_monitor_unwatch(monitor, fd, NULL, NULL));
    CHECK(left == 0 || left == -ENOENT);
    return result;
}

static int in_monitor(const struct pair *pair, int (*use)(struct ka_monitor *, const struct pair *)) {
    struct ka_monitor *monitor;
    CHECK_EQ(ka_monitor_open(&monitor), 0);
    int result = use(monitor, pair);
    CHECK_EQ(SHIM(ka_monitor_close(monitor)), 0);
    return result;
}

/* An answer disarms a backup's link, and the set arms it again. The detector's thread does the same. */
static int receive_answer(struct ka_set *set, int fd) {
    struct epoll_event ready[1];
    struct ka_event event = {0};
    struct ka_watch watch;
    int woken = 0;
    CHECK_EQ(ka_watch_init(&watch, fd, 1, &PROBING, NULL), 0);
    int result = SHIM(ka_set_add(set, &watch));
    if (result == 0) {
        result = SHIM(ka_set_wait(set, ready, 1, now_ns() + PATIENCE_MS * NS_PER_MS));
    }
    return result <= 0 ? result
                       : result_of(SHIM(ka_set_judge(set, ready, result, &event, 1, &woken)), &event);
}

/* The monitor makes its netlink socket for the first link with an interface. */
static int watch_carrier(struct ka_monitor *monitor, const struct pair *pair) {
    int result = SHIM(ka_monitor_watch(monitor, pair->link, 1, &CARRIER, NULL));
    int left = SHIM(ka_monitor_unwatch(monitor, pair->link, NULL, NULL));
    CHECK_EQ(left, result == 0 ? 0 : -ENOENT);
    return result;
}

static int lose_carrier(struct ka_set *set, int fd) {
    struct epoll_event ready[1];
    struct ka_event event = {0};
    struct ka_watch watch;
    int woken = 0;
    CHECK_EQ(ka_watch_init(&watch, fd, 1, &LOST_CARRIER, NULL), 0);
    CHECK_EQ(ka_set_add(set, &watch), 0);
    CHECK_EQ(ka_carrier_ask(set->carrier_fd, watch.interface), 0);
    CHECK_EQ(ka_set_wait(set, ready, 1, now_ns() + PATIENCE_MS * NS_PER_MS), 1);
    int count = SHIM(ka_set_judge(set, ready, 1, &event, 1, &woken));
    CHECK(count == 0 || event.cause == KA_CAUSE_NO_CARRIER);
    CHECK_EQ(ka_set_remove(set, fd, NULL), count == 0 ? 0 : -ENOENT);
    return count;
}

/* After a farewell the descriptor stays in the epoll set, disarmed, and can be watched again. */
static int watch_again(struct ka_monitor *monitor, const struct pair *pair) {
    send_bytes(pair->peer, pair->link, "G");
    int result = watch_once(monitor, pair->link, &BACKUP);
    send_bytes(pair->peer, pair->link, "G");
    return result < 0 ? result : watch_once(monitor, pair->link, &BACKUP);
}

static int receive_query(struct ka_monitor *monitor, const struct pair *pair) {
    send_bytes(pair->link, pair->peer, "Q");
    return watch_once(monitor, pair->peer, &SOURCE);
}

/* A flooding backup is read again after it was throttled for 5 ms. */
static int flood(struct ka_monitor *monitor, const struct pair *pair) {
    char bytes[600];
    struct ka_event event = {0};
    memset(bytes, 'P', sizeof bytes);
    CHECK_EQ(send(pair->link, bytes, sizeof bytes, MSG_NOSIGNAL), sizeof bytes);
    await_poll(pair->peer, POLLIN);
    int result = SHIM(ka_monitor_watch(monitor, pair->peer, 1, &SOURCE, NULL));
    for (int i = 0; result == 0 && i < 3; i++) {
        result = result_of(SHIM(ka_monitor_wait(monitor, &event, 1, 0)), &event);
        poll(NULL, 0, 10);
    }
    int left = SHIM(ka_monitor_unwatch(monitor, pair->peer, NULL, NULL));
    CHECK(left == 0 || left == -ENOENT);
    return result;
}

static int scenario_flood(void) {
    struct pair pair;
    open_plain_pair(&pair);
    int result = in_monitor(&pair, flood);
    close_pair(&pair);
    return result;
}

static int scenario_answer(void) {
    struct pair pair;
    struct ka_set set;
    open_plain_pair(&pair);
    send_bytes(pair.peer, pair.link, "A");
    int result = SHIM(ka_set_open(&set));
    if (result == 0) {
        result = receive_answer(&set, pair.link);
        ka_set_close(&set);
    }
    close_pair(&pair);
    return result;
}

/* The monitor starts its detector for the first link with probes. Its thread is woken when it ends, which
 * never fails. */
static int scenario_detector(void) {
    struct ka_monitor *monitor;
    struct pair pair;
    open_plain_pair(&pair);
    CHECK_EQ(ka_monitor_open(&monitor), 0);
    int result = SHIM(ka_monitor_watch(monitor, pair.link, 1, &PROBING, NULL));
    CHECK_EQ(ka_monitor_unwatch(monitor, pair.link, NULL, NULL), result == 0 ? 0 : -ENOENT);
    CHECK_EQ(ka_monitor_close(monitor), 0);
    close_pair(&pair);
    return result;
}

static int scenario_watch_carrier(void) {
    struct pair pair;
    open_plain_pair(&pair);
    int result = in_monitor(&pair, watch_carrier);
    close_pair(&pair);
    return result;
}

static int scenario_await_carrier(void) {
    struct ka_event event;
    struct pair pair;
    open_plain_pair(&pair);
    int result = result_of(SHIM(ka_await(pair.link, &CARRIER, NULL, 0, &event)), &event);
    close_pair(&pair);
    return result;
}

static int scenario_classify_carrier(void) {
    struct ka_event event;
    struct pair pair;
    open_plain_pair(&pair);
    int result = result_of(SHIM(ka_classify(pair.link, &CARRIER, NULL, &event)), &event);
    close_pair(&pair);
    return result;
}

/* A link on the loopback device is refused once the interface is known. */
static int scenario_interface(void) {
    struct pair pair;
    open_plain_pair(&pair);
    int result = SHIM(ka_interface(pair.link));
    int carrier = SHIM(ka_check_carrier(1));
    close_pair(&pair);
    return first_error(result == -EOPNOTSUPP ? 0 : result, carrier);
}

static int scenario_again(void) {
    struct pair pair;
    open_plain_pair(&pair);
    int result = in_monitor(&pair, watch_again);
    close_pair(&pair);
    return result;
}

static int scenario_query(void) {
    struct pair pair;
    open_plain_pair(&pair);
    int result = in_monitor(&pair, receive_query);
    close_pair(&pair);
    return result;
}

/* An error of setsockopt(2) means that the kernel doesn't have the option. */
static void check_rto_min(void) {
    int descriptors = count_descriptors();
    plan("socket", INJECTED, 0, 0);
    CHECK_EQ(SHIM(ka_rto_min_us()), -INJECTED);
    plan("setsockopt ack timer", INJECTED, 0, 0);
    CHECK_EQ(SHIM(ka_rto_min_us()), -ENOPROTOOPT);
    plan("close", INJECTED, 0, 0);
    int least_us = SHIM(ka_rto_min_us());
    CHECK(least_us > 0 || least_us == -ENOPROTOOPT);
    CHECK_EQ(count_descriptors(), descriptors);
}

static void check_option_of_rto_min(void) {
    struct ka_config config = unset_config();
    int32_t failed = -1;
    int descriptors = count_descriptors();
    config.option[KA_TCP_RTO_MIN_US] = 200000;
    plan("setsockopt ack timer", INJECTED, 0, 0);
    CHECK_EQ(SHIM(ka_open(4, &config, &failed)), -INJECTED);
    CHECK_EQ(failed, KA_TCP_RTO_MIN_US);
    CHECK_EQ(count_descriptors(), descriptors);
}

/* If the length of a jiffy can't be read, a probe that was resent late gets no extra time. */
static void check_just_resent(void) {
    struct ka_event event;
    struct ka_watch watch;
    struct pair pair;
    open_plain_pair(&pair);
    faults.unacknowledged = 1;
    faults.sent_ms_ago = 0;
    begin_expired(&watch, pair.link);
    plan("clock_getres", INJECTED, 0, 0);
    CHECK_EQ(SHIM(ka_watch_due(&watch, &event)), 1);
    CHECK_EQ(event.cause, KA_CAUSE_TIMED_OUT);
    CHECK(faults.failed_call != NULL);
    faults.unacknowledged = 0;
    close_pair(&pair);
}

static void check_jiffy(void) {
    plan("clock_getres", INJECTED, 0, 0);
    CHECK_EQ(SHIM(ka_jiffy_us()), -INJECTED);
}

/* What couldn't be read is asked for again, but not for ever. */
static void check_unread_carrier(void) {
    struct pair pair;
    struct ka_set set;
    open_plain_pair(&pair);
    CHECK_EQ(ka_set_open(&set), 0);
    plan("recvfrom", ENOBUFS, 0, 0);
    CHECK_EQ(lose_carrier(&set, pair.link), 1);
    CHECK(faults.failed_call != NULL);
    plan("recvfrom", ENOBUFS, 0, INT32_MAX);
    CHECK_EQ(lose_carrier(&set, pair.link), 0);
    plan("send", INJECTED, 0, INT32_MAX);
    CHECK_EQ(lose_carrier(&set, pair.link), 1);
    ka_set_close(&set);
    close_pair(&pair);
}

/* Before Linux 5.14 nobody can tell the socket's network namespace. */
static void check_unknown_namespace(void) {
    struct pair pair;
    int netlink_fd;
    open_plain_pair(&pair);
    plan("getsockopt", ENOPROTOOPT, 0, 1);
    netlink_fd = SHIM(ka_carrier_open(pair.link));
    CHECK_GE(netlink_fd, 0);
    CHECK(faults.failed_call != NULL);
    close(netlink_fd);
    close_pair(&pair);
}

/* A seccomp profile refuses netlink. The link is as before, and can be watched without its interface. */
static void check_refused_netlink(void) {
    struct ka_monitor *monitor;
    struct pair pair;
    open_plain_pair(&pair);
    CHECK_EQ(ka_monitor_open(&monitor), 0);
    plan("socket", EPERM, 0, 0);
    CHECK_EQ(SHIM(ka_monitor_watch(monitor, pair.link, 1, &CARRIER, NULL)), -EPERM);
    CHECK_EQ(ka_monitor_watch(monitor, pair.link, 1, &BACKUP, NULL), 0);
    CHECK_EQ(ka_monitor_unwatch(monitor, pair.link, NULL, NULL), 0);
    CHECK_EQ(watch_carrier(monitor, &pair), 0);
    CHECK_EQ(ka_monitor_close(monitor), 0);
    close_pair(&pair);
}

int main(void) {
    static scenario *const scenarios[] = {
        scenario_handshake,       scenario_probe,         scenario_expiry,
        scenario_reset_after_fin, scenario_bytes,         scenario_farewell,
        scenario_suspicion,       scenario_flood,         scenario_answer,
        scenario_again,           scenario_query,         scenario_detector,
        scenario_watch_carrier,   scenario_await_carrier, scenario_classify_carrier,
        scenario_interface};
    for (size_t i = 0; i < sizeof scenarios / sizeof scenarios[0]; i++) {
        check_each_position(scenarios[i]);
    }
    check_retried(scenario_handshake, "ppoll", EINTR);
    check_retried(scenario_handshake, "recv", EAGAIN);
    check_retried(scenario_probe, "send", EAGAIN);
    check_rto_min();
    check_option_of_rto_min();
    check_jiffy();
    check_just_resent();
    check_unread_carrier();
    check_unknown_namespace();
    check_refused_netlink();
    return 0;
}
