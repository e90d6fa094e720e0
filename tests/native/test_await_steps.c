/*
 * A caller that awaits a failure in short steps: what one call has begun, the next one carries on. So a
 * silent host and a hung process are found within the same time as by one long call. ka_classify carries on,
 * too.
 */
#include "loopback.h"
#include "namespace.h"

#include "check.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#define MS 1000000LL
#define INTERVAL_NS (25 * MS)
#define DEADLINE_NS (72 * MS)
#define SLACK_NS (1000 * MS) /* for a busy machine under a sanitizer */

static struct ka_watch_config probing(enum ka_liveness liveness) {
    return (struct ka_watch_config){.role = KA_ROLE_BACKUP,
                                    .liveness = (int32_t)liveness,
                                    .probe_interval_ns = INTERVAL_NS,
                                    .probe_deadline_ns = DEADLINE_NS};
}

/* The link can be taken out before the verdict, on a busy machine too. */
static struct ka_watch_config patient(void) {
    struct ka_watch_config config = probing(KA_LIVENESS_PROCESS);
    config.probe_deadline_ns = 2000 * MS;
    return config;
}

static void open_plain(struct pair *pair) {
    struct ka_config none = unset_config();
    open_pair(pair, 4, &none);
}

/* Awaits in steps. With a step of 0 it calls ka_classify each ms, as a caller that polls would. */
static void await_in_steps(int fd, const struct ka_watch_config *config, int step_ms,
                           struct ka_event *event) {
    struct ka_observation observation = {0};
    int64_t give_up_ns = now_ns() + PATIENCE_MS * MS;
    int result = 0;
    while (result == 0 && now_ns() < give_up_ns) {
        if (step_ms > 0) {
            result = ka_await(fd, config, &observation, step_ms, event);
        } else {
            usleep(1000);
            result = ka_classify(fd, config, &observation, event);
        }
    }
    CHECK_EQ(result, 1);
    CHECK_EQ(event->type, KA_EVENT_FAILED);
}

static void check_hung(int step_ms) {
    struct ka_watch_config config = probing(KA_LIVENESS_PROCESS);
    struct ka_event event;
    struct pair pair;
    open_plain(&pair);
    int64_t started_ns = now_ns();
    await_in_steps(pair.link, &config, step_ms, &event);
    CHECK_EQ(event.cause, KA_CAUSE_HUNG);
    CHECK_GE(event.verdict_ns - started_ns, DEADLINE_NS);
    CHECK_LE(event.verdict_ns - started_ns, INTERVAL_NS + DEADLINE_NS + SLACK_NS);
    close_pair(&pair);
}

static void check_silent(int step_ms) {
    struct ka_watch_config config = probing(KA_LIVENESS_HOST);
    struct ka_event event;
    struct pair pair;
    open_plain(&pair);
    cut_port(pair.address.port);
    int64_t started_ns = now_ns();
    await_in_steps(pair.link, &config, step_ms, &event);
    CHECK_EQ(event.cause, KA_CAUSE_TIMED_OUT);
    CHECK_GE(event.verdict_ns - started_ns, DEADLINE_NS);
    CHECK_LE(event.verdict_ns - started_ns, INTERVAL_NS + DEADLINE_NS + SLACK_NS);
    mend();
    close_pair(&pair);
}

/* The probe's time is over before anybody looks again. */
static void check_probe_is_handed_over(void) {
    struct ka_watch_config config = patient();
    struct ka_observation observation = {0};
    struct ka_monitor *monitor;
    struct ka_event event;
    struct pair pair;
    char byte = 0;
    open_plain(&pair);
    CHECK_EQ(ka_monitor_open(&monitor), 0);
    CHECK_EQ(ka_monitor_watch(monitor, pair.link, 1, &config, &observation), 0);
    while (recv(pair.peer, &byte, 1, MSG_DONTWAIT) != 1) {
        CHECK_EQ(ka_monitor_wait(monitor, &event, 1, 5), 0);
    }
    CHECK_EQ(byte, 'Q');
    CHECK_EQ(ka_monitor_unwatch(monitor, pair.link, &observation, NULL), 0);
    CHECK_EQ(ka_await(pair.link, &config, &observation, PATIENCE_MS, &event), 1);
    CHECK_EQ(event.cause, KA_CAUSE_HUNG);
    CHECK_EQ(recv(pair.peer, &byte, 1, MSG_DONTWAIT), -1); /* stop-and-wait goes on: no second query */
    CHECK_EQ(ka_monitor_close(monitor), 0);
    close_pair(&pair);
}

/* An answer that comes after its observer has gone belongs to that observer's query. One that nobody asked
 * for is a violation all the same. */
static void check_late_answer(void) {
    struct ka_watch_config config = patient();
    static const struct ka_watch_config plain = {.role = KA_ROLE_BACKUP};
    struct ka_observation observation = {0};
    struct ka_monitor *monitor;
    struct ka_event event;
    struct pair pair;
    char byte = 0;
    open_plain(&pair);
    CHECK_EQ(ka_monitor_open(&monitor), 0);
    CHECK_EQ(ka_monitor_watch(monitor, pair.link, 1, &config, &observation), 0);
    while (recv(pair.peer, &byte, 1, MSG_DONTWAIT) != 1) {
        CHECK_EQ(ka_monitor_wait(monitor, &event, 1, 5), 0);
    }
    CHECK_EQ(ka_monitor_unwatch(monitor, pair.link, &observation, NULL), 0);
    CHECK_EQ(ka_send(pair.peer, 'A'), 1);
    await_poll(pair.link, POLLIN);
    CHECK_EQ(ka_classify(pair.link, &plain, &observation, &event), 0);
    for (int i = 0; i < 2; i++) { /* the first may answer a query from before the first observation */
        CHECK_EQ(ka_send(pair.peer, 'A'), 1);
        await_poll(pair.link, POLLIN);
        CHECK_EQ(ka_classify(pair.link, &plain, &observation, &event), i);
    }
    CHECK_EQ(event.type, KA_EVENT_VIOLATION);
    CHECK_EQ(event.byte, 'A');
    CHECK_EQ(ka_monitor_close(monitor), 0);
    close_pair(&pair);
}

/* A healthy source stays healthy, however short the steps are. */
static void check_healthy(int step_ms) {
    struct ka_watch_config config = probing(KA_LIVENESS_PROCESS);
    struct ka_observation observation = {0};
    struct ka_event event;
    struct pair pair;
    int queries = 0;
    open_plain(&pair);
    for (int64_t end_ns = now_ns() + 400 * MS; now_ns() < end_ns;) {
        char byte;
        CHECK_EQ(ka_await(pair.link, &config, &observation, step_ms, &event), 0);
        if (recv(pair.peer, &byte, 1, MSG_DONTWAIT) == 1) {
            queries++;
            CHECK_EQ(ka_send(pair.peer, 'A'), 1);
        }
    }
    CHECK_GE(queries, 3);
    close_pair(&pair);
}

int main(void) {
    static const int steps_ms[] = {50, 1, 0};
    enter_own_namespace();
    for (size_t i = 0; i < sizeof steps_ms / sizeof steps_ms[0]; i++) {
        check_hung(steps_ms[i]);
        check_silent(steps_ms[i]);
    }
    check_healthy(1);
    check_healthy(20);
    check_probe_is_handed_over();
    check_late_answer();
    return 0;
}
