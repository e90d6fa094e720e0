#include "probe.h"

#include "cause.h"
#include "clock.h"
#include "evidence.h"
#include "protocol.h"

#include <errno.h>
#include <sys/socket.h>

/* 2^64 divided by the golden ratio. The high bits of its multiples spread consecutive tokens evenly (Knuth,
 * TAOCP 6.4). */
#define GOLDEN_RATIO UINT64_C(0x9E3779B97F4A7C15)

/* With KA_LIVENESS_HOST every 64th probe is a query. */
#define QUERY_EVERY 64

/* Unread bytes that any source has room for. Used where the kernel doesn't report the peer's window. */
#define LEAST_MEMORY 512

/* The time between probes to a source that seems not to read. */
#define SLOW_NS KA_NS_PER_S

static int64_t phase_ns(const struct ka_watch *watch) {
    uint64_t fraction = watch->token * GOLDEN_RATIO >> 48; /* of 2^16 */
    return (int64_t)(fraction * (uint64_t)watch->probe_interval_ns >> 16);
}

/* The phase is relative to the clock's zero, not to now, so that links stay apart whenever they came. */
void ka_probe_start(struct ka_watch *watch) {
    int64_t interval_ns = watch->probe_interval_ns;
    int64_t now_ns = ka_now_ns();
    int64_t ahead_ns = (phase_ns(watch) - now_ns % interval_ns + interval_ns) % interval_ns;
    watch->next_probe_ns = now_ns + ahead_ns;
    watch->deadline_ns = watch->next_probe_ns;
    watch->answers_owed = 1; /* an answer to an earlier observer's query may still come */
}

/* A late check means that this process was paused, perhaps with the whole machine and the kernel's timers.
 * The pause is not the peer's silence, so it is added to the probe's time. A pause up to a quarter of the
 * deadline is not added: it leaves the acknowledgement most of its time. Once the added pauses reach a whole
 * deadline no more are added, so that a busy machine detects, too. */
static void forgive_pause(struct ka_watch *watch, int64_t now_ns) {
    int64_t late_ns = now_ns - watch->deadline_ns;
    if (late_ns > watch->probe_deadline_ns / 4 && watch->forgiven_ns < watch->probe_deadline_ns) {
        watch->forgiven_ns += late_ns;
        watch->expires_ns += late_ns;
    }
}

/* Sent and not acknowledged, or not even sent because this host has no route or no device for it. */
static int is_unacknowledged(const struct tcp_info *info) {
    return info->tcpi_unacked > 0 || info->tcpi_notsent_bytes > 0;
}

static int has_window(const struct ka_event *event) {
    return event->tcp_info_length >= offsetof(struct tcp_info, tcpi_snd_wnd) + sizeof(uint32_t);
}

/* No probe is sent into a closed window: the byte would wait in the queue, and the user timeout would end the
 * link. Keepalive watches the peer until the window opens. */
static int is_window_closed(const struct ka_event *event, const struct tcp_info *info) {
    return has_window(event) && info->tcpi_snd_wnd == 0;
}

/* A stopped source doesn't read. Its window is rounded up at each byte, so it stays open until the memory is
 * used up. Then the source's kernel drops what comes, as if it were dead. Half a window always fits. */
static int is_memory_short(const struct ka_watch *watch, const struct ka_event *event,
                           const struct tcp_info *info) {
    return watch->unread > (has_window(event) ? info->tcpi_snd_wnd / 2 : LEAST_MEMORY);
}

/* A late probe doesn't shift the later ones. So links that were late together don't stay together. */
static void plan_next(struct ka_watch *watch, int64_t now_ns, int64_t pause_ns) {
    int64_t behind_ns = now_ns + pause_ns - watch->next_probe_ns;
    watch->next_probe_ns += (behind_ns / watch->probe_interval_ns + 1) * watch->probe_interval_ns;
    watch->deadline_ns = watch->next_probe_ns;
}

/* The answer to a query shows that the source has read what was sent before it. */
static int is_query_due(const struct ka_watch *watch) {
    return watch->liveness == KA_LIVENESS_PROCESS || watch->unread % QUERY_EVERY == QUERY_EVERY - 1;
}

/* Tells whether the event rests on what the source said, not on the connection's end. */
static int is_said(const struct ka_event *event) {
    return event->type != KA_EVENT_FAILED || event->cause == KA_CAUSE_WORKLOAD_ENDED;
}

/* send() cleared the pending error, but what the source said before it may still be unread. */
static int send_failed(struct ka_watch *watch, struct ka_event *event, int error) {
    if (error == EAGAIN || error == EINTR || error == ENOBUFS || error == ENOMEM) {
        return 0;
    }
    int result = ka_watch_ready(watch, event);
    return result > 0 && is_said(event) ? result : ka_fail(watch, event, ka_cause_of(error), error);
}

static int send_probe(struct ka_watch *watch, struct ka_event *event) {
    int query = is_query_due(watch);
    char byte = query ? KA_QUERY : KA_PROBE;
    if (send(watch->fd, &byte, 1, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
        return send_failed(watch, event, errno);
    }
    watch->outstanding = 1;
    watch->answer_owed = watch->liveness == KA_LIVENESS_PROCESS;
    watch->answers_owed += query;
    watch->unread++;
    watch->forgiven_ns = 0;
    watch->resent = 0;
    /* read after the call: if the thread is held up before it, the probe still gets its whole time */
    watch->sent_ns = ka_now_ns();
    watch->expires_ns = watch->sent_ns + watch->probe_deadline_ns;
    if (watch->expires_ns < watch->deadline_ns) {
        watch->deadline_ns = watch->expires_ns;
    }
    return 0;
}

static int settled(struct ka_watch *watch, struct ka_event *event, int64_t now_ns) {
    watch->outstanding = 0;
    watch->deadline_ns = watch->next_probe_ns > now_ns ? watch->next_probe_ns : now_ns;
    if (!watch->suspected) {
        return 0;
    }
    watch->suspected = 0;
    event->type = KA_EVENT_RECOVERED;
    return 1;
}

/* The kernel recorded the network's error for the probe (sk_err_soft). An acknowledgement would clear it. */
static int unreached(struct ka_watch *watch, struct ka_event *event) {
    int error = ka_take_error(watch->fd);
    return error < 0 ? error
                     : ka_fail(watch, event, error == 0 ? KA_CAUSE_TIMED_OUT : ka_cause_of(error), error);
}

/* The socket is read first: an answer or an error that has arrived counts for more than the clock. */
static int expired(struct ka_watch *watch, struct ka_event *event, int unacknowledged) {
    int was_owed = watch->answer_owed;
    int result = ka_watch_ready(watch, event);
    if (result != 0) {
        return result;
    }
    if (was_owed && !watch->answer_owed) {
        return settled(watch, event, ka_now_ns());
    }
    return unacknowledged ? unreached(watch, event) : ka_fail(watch, event, KA_CAUSE_HUNG, 0);
}

static int suspect(struct ka_watch *watch, struct ka_event *event, int64_t now_ns) {
    int64_t waited = (now_ns - watch->sent_ns - watch->forgiven_ns) / watch->probe_interval_ns;
    if (watch->suspected || watch->suspect_after == 0 || waited < watch->suspect_after) {
        return 0;
    }
    watch->suspected = 1;
    event->type = KA_EVENT_SUSPECT;
    event->probes = (int32_t)waited;
    return 1;
}

/* Checks again after a quarter of an interval, so that the next probe soon follows a late acknowledgement. */
static void wait_on(struct ka_watch *watch, int64_t now_ns) {
    int64_t soon_ns = now_ns + watch->probe_interval_ns / 4;
    watch->deadline_ns = soon_ns < watch->expires_ns ? soon_ns : watch->expires_ns;
}

/* Normally the kernel sends its loss probe (tcp_send_loss_probe()) well before the time is over. A busy
 * kernel may send it as late as the current jiffy. Then the acknowledgement may be on its way, and gets one
 * jiffy. The kernel counts later retransmissions (icsk_retransmits). If it has, the loss probe had its time
 * already. */
static int is_just_resent(const struct ka_watch *watch, const struct tcp_info *info) {
    return !watch->resent && is_unacknowledged(info) && info->tcpi_retransmits == 0 &&
           info->tcpi_last_data_sent == 0;
}

static void allow_round_trip(struct ka_watch *watch, int64_t now_ns) {
    int jiffy_us = ka_jiffy_us();
    watch->resent = 1;
    watch->expires_ns = now_ns + (jiffy_us > 0 ? jiffy_us * INT64_C(1000) : 0);
}

static int judge(struct ka_watch *watch, struct ka_event *event, const struct tcp_info *info) {
    int64_t now_ns = event->verdict_ns;
    int unacknowledged = is_unacknowledged(info);
    if (!unacknowledged && !watch->answer_owed) {
        return settled(watch, event, now_ns);
    }
    forgive_pause(watch, now_ns);
    if (now_ns >= watch->expires_ns && is_just_resent(watch, info)) {
        allow_round_trip(watch, now_ns);
    }
    if (now_ns >= watch->expires_ns) {
        return expired(watch, event, unacknowledged);
    }
    wait_on(watch, now_ns);
    return suspect(watch, event, now_ns);
}

int ka_probe_check(struct ka_watch *watch, struct ka_event *event) {
    ka_begin_event(watch, event);
    int result = ka_take_evidence(watch->fd, event);
    if (result < 0) {
        return result;
    }
    struct tcp_info info = ka_evidence_of(event);
    if (watch->outstanding) {
        result = judge(watch, event, &info);
    }
    if (result != 0 || watch->outstanding || event->verdict_ns < watch->next_probe_ns) {
        return result;
    }
    plan_next(watch, event->verdict_ns, is_memory_short(watch, event, &info) ? SLOW_NS : 0);
    return is_window_closed(event, &info) ? 0 : send_probe(watch, event);
}
