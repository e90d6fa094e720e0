#include "suspicion.h"

#include "clock.h"
#include "evidence.h"
#include "options.h"

/* Deadlines are rounded up to a common grid, so that one wake-up serves thousands of links. */
#define GRID_NS (100 * KA_NS_PER_MS)

static int64_t on_grid(int64_t time_ns) {
    return (time_ns + GRID_NS - 1) / GRID_NS * GRID_NS;
}

static int64_t interval_ns(const struct ka_watch *watch) {
    return watch->keepintvl_s * KA_NS_PER_S;
}

/* tcpi_probes counts a probe from the moment it is sent. So the last unanswered probe gets half an interval
 * for its answer. */
static int64_t tolerated_silence_ns(const struct ka_watch *watch) {
    return watch->keepidle_s * KA_NS_PER_S + (watch->suspect_after - 1) * interval_ns(watch) +
           interval_ns(watch) / 2;
}

int ka_suspicion_start(struct ka_watch *watch) {
    int64_t keepidle_s = 0;
    int64_t keepintvl_s = 0;
    int result = ka_read_option(watch->fd, KA_TCP_KEEPIDLE, &keepidle_s);
    if (result == 0) {
        result = ka_read_option(watch->fd, KA_TCP_KEEPINTVL, &keepintvl_s);
    }
    watch->keepidle_s = (uint16_t)keepidle_s;
    watch->keepintvl_s = (uint16_t)keepintvl_s;
    watch->deadline_ns = on_grid(ka_now_ns() + tolerated_silence_ns(watch));
    return result;
}

static int report(struct ka_watch *watch, struct ka_event *event, enum ka_event_type type) {
    watch->suspected = type == KA_EVENT_SUSPECT;
    event->type = (int32_t)type;
    return 1;
}

int ka_suspicion_check(struct ka_watch *watch, struct ka_event *event) {
    int result = ka_take_evidence(watch->fd, event);
    if (result < 0) {
        return result;
    }
    int64_t tolerated_until_ns = event->last_heard_ns + tolerated_silence_ns(watch);
    int overdue = event->verdict_ns >= tolerated_until_ns;
    int64_t recheck_ns = event->verdict_ns + interval_ns(watch) / 4;
    watch->deadline_ns = on_grid(overdue ? recheck_ns : tolerated_until_ns);
    if (!watch->suspected && overdue && event->probes >= watch->suspect_after) {
        return report(watch, event, KA_EVENT_SUSPECT);
    }
    if (watch->suspected && !overdue) {
        return report(watch, event, KA_EVENT_RECOVERED);
    }
    return 0;
}
