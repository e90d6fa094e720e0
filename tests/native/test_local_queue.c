/*
 * A full queue on the backup's own side drops the kernel's keepalive probes. The kernel doesn't count them
 * and never ends the connection. The silence of the source makes the link suspect, then ends it, and the
 * error says that the trouble is local.
 */
#include "loopback.h"
#include "namespace.h"

#include "check.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

#define MS 1000000LL
#define SLACK_NS (4000 * MS) /* for a busy machine */

/* Keepalive 1/1/2 gives up after 3 s, at the latest after 3.375 s. */
#define WORST_NS (3375 * MS)

static const struct ka_watch_config BACKUP = {.role = KA_ROLE_BACKUP};
static const struct ka_watch_config SUSPICIOUS = {.role = KA_ROLE_BACKUP, .suspect_probes = 1};

static void fill_queue(void) {
    run("tc qdisc add dev lo root pfifo limit 0");
}

static void empty_queue(void) {
    run("tc qdisc del dev lo root");
}

static void open_brief(struct pair *pair) {
    struct ka_config config = keepalive_config(1, 1, 2);
    open_pair(pair, 4, &config);
}

static void check_local_timeout(const struct ka_event *event, int64_t filled_ns) {
    CHECK_EQ(event->type, KA_EVENT_FAILED);
    CHECK_EQ(event->cause, KA_CAUSE_TIMED_OUT);
    CHECK_EQ(event->error, ENOBUFS);
    CHECK_GE(event->verdict_ns - event->last_heard_ns, WORST_NS);
    CHECK_LE(event->verdict_ns - filled_ns, WORST_NS + SLACK_NS);
}

static void next_event(struct ka_monitor *monitor, struct ka_event *event, int type) {
    int64_t deadline_ns = now_ns() + PATIENCE_MS * MS;
    int count;
    do { /* 0 means that the set has changed */
        count = ka_monitor_wait(monitor, event, 1, PATIENCE_MS);
    } while (count == 0 && now_ns() < deadline_ns);
    CHECK_EQ(count, 1);
    CHECK_EQ(event->type, type);
}

static void check_monitor(void) {
    struct ka_monitor *monitor;
    struct ka_event event;
    struct pair pair;
    open_brief(&pair);
    CHECK_EQ(ka_monitor_open(&monitor), 0);
    CHECK_EQ(ka_monitor_watch(monitor, pair.link, 1, &SUSPICIOUS, NULL), 0);
    fill_queue();
    next_event(monitor, &event, KA_EVENT_SUSPECT);
    CHECK_EQ(event.probes, 0);
    empty_queue();
    next_event(monitor, &event, KA_EVENT_RECOVERED);
    int64_t filled_ns = now_ns();
    fill_queue();
    next_event(monitor, &event, KA_EVENT_SUSPECT);
    next_event(monitor, &event, KA_EVENT_FAILED);
    check_local_timeout(&event, filled_ns);
    empty_queue();
    CHECK_EQ(ka_monitor_close(monitor), 0);
    close_pair(&pair);
}

/* Without suspicion. */
static void check_await(int step_ms) {
    struct ka_observation observation = {0};
    struct ka_event event;
    struct pair pair;
    int result = 0;
    open_brief(&pair);
    fill_queue();
    int64_t filled_ns = now_ns();
    while (result == 0 && now_ns() < filled_ns + PATIENCE_MS * MS) {
        result = ka_await(pair.link, &BACKUP, &observation, step_ms, &event);
    }
    CHECK_EQ(result, 1);
    check_local_timeout(&event, filled_ns);
    empty_queue();
    close_pair(&pair);
}

static void check_one_wait(void) {
    check_await(PATIENCE_MS);
}

static void check_short_steps(void) {
    check_await(50);
}

/* The kernel's timer is late: its probes were sent, but it hasn't given up yet. A higher count plays that. */
static void check_late_kernel(void) {
    struct ka_monitor *monitor;
    struct ka_event event;
    struct pair pair;
    int count = 20;
    open_brief(&pair);
    CHECK_EQ(ka_monitor_open(&monitor), 0);
    CHECK_EQ(ka_monitor_watch(monitor, pair.link, 1, &BACKUP, NULL), 0);
    CHECK_EQ(setsockopt(pair.link, SOL_TCP, TCP_KEEPCNT, &count, sizeof count), 0);
    cut_port(pair.address.port);
    next_event(monitor, &event, KA_EVENT_FAILED);
    CHECK_EQ(event.cause, KA_CAUSE_TIMED_OUT);
    CHECK_EQ(event.error, ETIMEDOUT);
    mend();
    CHECK_EQ(ka_monitor_close(monitor), 0);
    close_pair(&pair);
}

/* Nobody probes a link without keepalive, so its silence says nothing. */
static void check_no_keepalive(void) {
    struct ka_config none = unset_config();
    struct ka_event event;
    struct pair pair;
    none.option[KA_TCP_KEEPIDLE] = 1;
    none.option[KA_TCP_KEEPINTVL] = 1;
    none.option[KA_TCP_KEEPCNT] = 1;
    open_pair(&pair, 4, &none);
    CHECK_EQ(ka_await(pair.link, &BACKUP, NULL, 3000, &event), 0);
    close_pair(&pair);
}

/* While nobody observed, the queue was full. The pause isn't taken for the source's silence. */
static void check_pause(void) {
    struct ka_observation observation = {0};
    struct ka_event event;
    struct pair pair;
    open_brief(&pair);
    CHECK_EQ(ka_await(pair.link, &BACKUP, &observation, 100, &event), 0);
    fill_queue();
    usleep(3800 * 1000);
    CHECK_EQ(ka_await(pair.link, &BACKUP, &observation, 20, &event), 0);
    empty_queue();
    CHECK_EQ(ka_await(pair.link, &BACKUP, &observation, 4000, &event), 0);
    close_pair(&pair);
}

int main(int argc, char **argv) {
    static const struct {
        const char *name;
        void (*check)(void);
    } CASES[] = {
        {"monitor", check_monitor},           {"one_wait", check_one_wait},
        {"short_steps", check_short_steps},   {"late_kernel", check_late_kernel},
        {"no_keepalive", check_no_keepalive}, {"pause", check_pause},
    };
    int found = 0;
    CHECK_EQ(argc, 2);
    enter_own_namespace();
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        if (strcmp(argv[1], CASES[i].name) == 0) {
            CASES[i].check();
            found++;
        }
    }
    CHECK_EQ(found, 1);
    return 0;
}
