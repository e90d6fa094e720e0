#include "loopback.h"

#include "check.h"

#include <errno.h>
#include <linux/tcp.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#define NS_PER_MS INT64_C(1000000)

/* The longest jiffy (HZ=100). The kernel notes in jiffies when it last heard the peer. */
#define JIFFY_MS 10

/* The time between verdict and evidence, much longer than a jiffy. */
#define LATER_MS 200

static const struct ka_watch_config DEFERRING = {.role = KA_ROLE_BACKUP, .defer_evidence = 1};

static struct ka_event event_of(const struct pair *pair, void (*end)(int peer)) {
    struct ka_monitor *monitor = NULL;
    struct ka_event event;
    CHECK_EQ(ka_monitor_open(&monitor), 0);
    CHECK_EQ(ka_monitor_watch(monitor, pair->link, 1, &DEFERRING, NULL), 0);
    end(pair->peer);
    CHECK_EQ(ka_monitor_wait(monitor, &event, 1, PATIENCE_MS), 1);
    ka_monitor_close(monitor);
    return event;
}

static void open_default(struct pair *pair) {
    struct ka_config config = keepalive_config(1, 1, 5);
    open_pair(pair, 4, &config);
}

static void close_link(struct pair *pair) {
    pair->peer = -1;
    close_pair(pair);
}

static void check_verdict_without_evidence(const struct ka_event *event) {
    CHECK_EQ(event->cause, KA_CAUSE_RESET);
    CHECK_EQ(event->error, ECONNRESET);
    CHECK_EQ(event->tcp_info_length, 0);
    CHECK_EQ(event->last_heard_ns, 0);
}

/* Evidence that is read late shows the state at the verdict. */
static void check_deferred(void) {
    struct pair pair;
    int64_t opened_ns = now_ns();
    open_default(&pair);
    struct ka_event event = event_of(&pair, close_with_reset);
    check_verdict_without_evidence(&event);
    int64_t verdict_ns = event.verdict_ns;
    poll(NULL, 0, LATER_MS);
    CHECK_EQ(ka_evidence(pair.link, &event), 0);
    CHECK_EQ(event.verdict_ns, verdict_ns);
    CHECK_GE(event.last_heard_ns, opened_ns - JIFFY_MS * NS_PER_MS);
    CHECK_LE(event.last_heard_ns, verdict_ns + JIFFY_MS * NS_PER_MS);
    struct tcp_info info;
    CHECK_GE(event.tcp_info_length, offsetof(struct tcp_info, tcpi_pmtu));
    memcpy(&info, event.tcp_info, offsetof(struct tcp_info, tcpi_pmtu));
    CHECK_LE(info.tcpi_last_ack_recv, (verdict_ns - opened_ns) / NS_PER_MS + JIFFY_MS);
    close_link(&pair);
}

static void check_await_defers(void) {
    struct pair pair;
    struct ka_event event;
    open_default(&pair);
    close_with_reset(pair.peer);
    CHECK_EQ(ka_await(pair.link, &DEFERRING, NULL, PATIENCE_MS, &event), 1);
    check_verdict_without_evidence(&event);
    CHECK_EQ(ka_evidence(pair.link, &event), 0);
    CHECK_GE(event.tcp_info_length, 1);
    close_link(&pair);
}

static void close_with_fin(int peer) {
    close(peer);
}

static void check_fin_without_evidence(const struct ka_event *event) {
    CHECK_EQ(event->cause, KA_CAUSE_CLOSED);
    CHECK_EQ(event->error, 0);
    CHECK_EQ(event->tcp_info_length, 0);
}

static void check_fin_is_deferred(void) {
    struct pair pair;
    open_default(&pair);
    struct ka_event event = event_of(&pair, close_with_fin);
    check_fin_without_evidence(&event);
    int64_t verdict_ns = event.verdict_ns;
    poll(NULL, 0, LATER_MS);
    CHECK_EQ(ka_evidence(pair.link, &event), 0);
    CHECK_EQ(event.verdict_ns, verdict_ns);
    CHECK_GE(event.tcp_info_length, 1);
    CHECK_LE(event.last_heard_ns, verdict_ns + JIFFY_MS * NS_PER_MS);
    CHECK_GE(event.last_heard_ns, verdict_ns - PATIENCE_MS * NS_PER_MS);
    close_link(&pair);
}

static void check_await_defers_a_fin(void) {
    struct pair pair;
    struct ka_event event;
    open_default(&pair);
    close_with_fin(pair.peer);
    CHECK_EQ(ka_await(pair.link, &DEFERRING, NULL, PATIENCE_MS, &event), 1);
    check_fin_without_evidence(&event);
    close_link(&pair);
}

/* The peer closes, and answers the byte that is sent to it afterwards with a reset. */
static void close_and_reset(struct pair *pair) {
    close_with_fin(pair->peer);
    CHECK_EQ(ka_send(pair->link, 'P'), 1);
    struct pollfd ended = {.fd = pair->link};
    CHECK_EQ(poll(&ended, 1, PATIENCE_MS), 1); /* POLLHUP */
}

/* A reset that followed a FIN counts, though recv() doesn't report it. */
static void check_reset_after_fin(void) {
    struct pair pair;
    struct ka_monitor *monitor = NULL;
    struct ka_event event;
    open_default(&pair);
    close_and_reset(&pair);
    CHECK_EQ(ka_monitor_open(&monitor), 0);
    CHECK_EQ(ka_monitor_watch(monitor, pair.link, 1, &DEFERRING, NULL), 0);
    CHECK_EQ(ka_monitor_wait(monitor, &event, 1, PATIENCE_MS), 1);
    CHECK_EQ(event.cause, KA_CAUSE_RESET);
    CHECK_EQ(event.error, EPIPE);
    ka_monitor_close(monitor);
    close_link(&pair);

    open_default(&pair);
    close_and_reset(&pair);
    CHECK_EQ(ka_await(pair.link, &DEFERRING, NULL, PATIENCE_MS, &event), 1);
    CHECK_EQ(event.cause, KA_CAUSE_RESET);
    CHECK_EQ(event.error, EPIPE);
    close_link(&pair);
}

static void check_closed_descriptor(void) {
    struct ka_event event = {.verdict_ns = 5};
    CHECK_EQ(ka_evidence(-1, &event), -EBADF);
    CHECK_EQ(event.verdict_ns, 5);
    CHECK_EQ(event.tcp_info_length, 0);
}

int main(void) {
    check_deferred();
    check_await_defers();
    check_fin_is_deferred();
    check_await_defers_a_fin();
    check_reset_after_fin();
    check_closed_descriptor();
    return 0;
}
