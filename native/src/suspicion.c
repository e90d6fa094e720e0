#include "suspicion.h"

#include "clock.h"
#include "evidence.h"
#include "options.h"

/* Deadlines are rounded up to a common grid, so that one wake-up serves thousands of links. */
#define GRID_NS (100 * KA_NS_PER_MS)

/* The kernel's timer wheel fires late by up to an eighth of the time set (kernel/time/timer.c). */
#define LATENESS_SHARE 8

/* So many late checks in a row are taken for pauses. After that a busy machine detects, too. */
#define MOST_LATE_CHECKS 8

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

static int64_t late(int64_t nominal_ns) {
    return nominal_ns + nominal_ns / LATENESS_SHARE;
}

/* A healthy link is looked at once in this time, and not more often. */
static int64_t unchecked_silence_ns(const struct ka_watch *watch) {
    int64_t before_limit_ns =
        watch->silence_limit_ns == KA_NEVER ? KA_NEVER : watch->silence_limit_ns - interval_ns(watch);
    int64_t tolerated_ns = watch->suspect_after == 0 ? KA_NEVER : tolerated_silence_ns(watch);
    return tolerated_ns < before_limit_ns ? tolerated_ns : before_limit_ns;
}

static int read_timing(struct ka_watch *watch) {
    int64_t keepidle_s = 0;
    int64_t keepintvl_s = 0;
    int result = ka_read_option(watch->fd, KA_TCP_KEEPIDLE, &keepidle_s);
    if (result == 0) {
        result = ka_read_option(watch->fd, KA_TCP_KEEPINTVL, &keepintvl_s);
    }
    watch->keepidle_s = (uint16_t)keepidle_s;
    watch->keepintvl_s = (uint16_t)keepintvl_s;
    return result;
}

/* The latest time at which the kernel's keepalive gives up: tcp_keepalive_timer(). With a user timeout the
 * count is ignored: the first probe at or past it ends the link. */
static int read_silence_limit(struct ka_watch *watch) {
    int64_t probes = 0;
    int64_t user_timeout_ms = 0;
    int result = ka_read_option(watch->fd, KA_TCP_KEEPCNT, &probes);
    if (result == 0) {
        result = ka_read_option(watch->fd, KA_TCP_USER_TIMEOUT, &user_timeout_ms);
    }
    int64_t idle_ns = watch->keepidle_s * KA_NS_PER_S;
    if (user_timeout_ms > 0) {
        int64_t past_idle_ns = user_timeout_ms * KA_NS_PER_MS - idle_ns;
        probes = past_idle_ns <= interval_ns(watch)
                     ? 1
                     : (past_idle_ns + interval_ns(watch) - 1) / interval_ns(watch);
    }
    watch->probes_limit = probes;
    watch->silence_limit_ns = late(idle_ns + probes * interval_ns(watch));
    return result;
}

/* Only a backup counts on the peer's answers. Without keepalive an idle peer is silent by right. */
static int read_keepalive(const struct ka_watch *watch, int64_t *on) {
    *on = 0;
    return watch->role == KA_ROLE_BACKUP ? ka_read_option(watch->fd, KA_SO_KEEPALIVE, on) : 0;
}

int ka_suspicion_start(struct ka_watch *watch) {
    int64_t on;
    int result = read_keepalive(watch, &on);
    watch->silence_limit_ns = KA_NEVER;
    if (result == 0 && (on || watch->suspect_after > 0)) {
        result = read_timing(watch);
    }
    if (result == 0 && on) {
        result = read_silence_limit(watch);
    }
    int64_t silence_ns = result < 0 ? KA_NEVER : unchecked_silence_ns(watch);
    watch->deadline_ns = silence_ns == KA_NEVER ? KA_NEVER : on_grid(ka_now_ns() + silence_ns);
    return result;
}

static int report(struct ka_watch *watch, struct ka_event *event, enum ka_event_type type) {
    watch->suspected = type == KA_EVENT_SUSPECT;
    event->type = (int32_t)type;
    return 1;
}

/* A late check means that this process was paused, perhaps with the whole machine and the kernel's timers.
 * The silence proves nothing then. After one interval the kernel has probed again. */
static int is_pause(struct ka_watch *watch, int64_t now_ns) {
    if (watch->silence_limit_ns == KA_NEVER || watch->late_checks == MOST_LATE_CHECKS ||
        now_ns - watch->deadline_ns <= interval_ns(watch) / 4) {
        return 0;
    }
    watch->late_checks++;
    return 1;
}

static void plan_check(struct ka_watch *watch, const struct ka_event *event, int paused) {
    int64_t silence_ns = event->verdict_ns - event->last_heard_ns;
    int64_t next_ns = event->verdict_ns + (paused ? interval_ns(watch) : interval_ns(watch) / 4);
    if (silence_ns < unchecked_silence_ns(watch)) {
        next_ns = event->last_heard_ns + unchecked_silence_ns(watch);
    } else if (!paused && silence_ns < watch->silence_limit_ns && watch->silence_limit_ns != KA_NEVER) {
        int64_t limit_ns = event->last_heard_ns + watch->silence_limit_ns;
        next_ns = limit_ns < next_ns ? limit_ns : next_ns;
    }
    watch->deadline_ns = on_grid(next_ns);
}

/* The kernel's count tells of probes that were sent. Silence tells also of those that were not, once the
 * kernel's timers can't be the reason. */
static int is_suspect(const struct ka_watch *watch, const struct ka_event *event, int paused) {
    int64_t silence_ns = event->verdict_ns - event->last_heard_ns;
    int64_t tolerated_ns = tolerated_silence_ns(watch);
    return silence_ns >= tolerated_ns &&
           (event->probes >= watch->suspect_after ||
            (!paused && watch->silence_limit_ns != KA_NEVER && silence_ns >= late(tolerated_ns)));
}

int ka_suspicion_check(struct ka_watch *watch, struct ka_event *event) {
    int result = ka_take_evidence(watch->fd, event);
    if (result < 0) {
        return result;
    }
    int64_t silence_ns = event->verdict_ns - event->last_heard_ns;
    int silent = silence_ns >= unchecked_silence_ns(watch);
    int paused = silent && is_pause(watch, event->verdict_ns);
    watch->late_checks = silent ? watch->late_checks : 0;
    plan_check(watch, event, paused);
    if (!paused && silence_ns >= watch->silence_limit_ns) {
        return KA_SILENT;
    }
    if (watch->suspect_after == 0) {
        return 0;
    }
    if (!watch->suspected && is_suspect(watch, event, paused)) {
        return report(watch, event, KA_EVENT_SUSPECT);
    }
    if (watch->suspected && silence_ns < tolerated_silence_ns(watch)) {
        return report(watch, event, KA_EVENT_RECOVERED);
    }
    return 0;
}
