#include "half.h"

#include "clock.h"

#include <errno.h>
#include <string.h>

#define READ_LIMIT 512

/* The longest jiffy (HZ=100). A probe that was resent just now gets one more. */
#define JIFFY_NS (10 * KA_NS_PER_MS)

static int is_probing(const struct half *half) {
    return half->watch.liveness != KA_LIVENESS_KEEPALIVE;
}

void half_start(struct half *half, int fd, const struct ka_watch_config *config) {
    memset(half, 0, sizeof *half);
    half->fd = fd;
    half->healthy = 1;
    half->started_ns = sim.now_ns;
    INVARIANT(ka_watch_init(&half->watch, fd, (uint64_t)fd, config, NULL) == 0);
    half->owed = is_probing(half);
    if (is_probing(half)) {
        INVARIANT(half->watch.deadline_ns >= sim.now_ns);
        INVARIANT(half->watch.deadline_ns < sim.now_ns + config->probe_interval_ns);
    } else {
        INVARIANT(half->watch.deadline_ns == KA_NEVER);
    }
}

static int seems_not_to_read(const struct half *half) {
    uint32_t memory = sim.knows_window ? sim.end[half->fd].window / 2 : 512;
    return half->watch.unread > memory;
}

static void check_probe(struct half *half, uint8_t byte, int sent) {
    const struct sim_end *end = &sim.end[half->fd];
    INVARIANT(is_probing(half));
    INVARIANT(byte == 'Q' || (byte == 'P' && half->watch.liveness == KA_LIVENESS_HOST));
    INVARIANT(!half->watch.outstanding); /* stop-and-wait */
    /* except after an answer or a promise */
    INVARIANT(end->unacked == 0 || half->watch.unread == 0 || half->promised);
    INVARIANT(end->window > 0 || !sim.knows_window);
    INVARIANT(sim.now_ns >= half->slow_until_ns);
    INVARIANT(half->probes <= (sim.now_ns - half->started_ns) / half->watch.probe_interval_ns + 1);
    half->slow_until_ns = seems_not_to_read(half) ? sim.now_ns + KA_NS_PER_S : 0;
    if (sent) {
        half->probes++;
        half->owed += byte == 'Q';
        half->silent_probes = byte == 'Q' ? 0 : half->silent_probes + 1;
        half->forgivable_ns = 0;
        INVARIANT(half->silent_probes < 64);
    }
}

void half_check_send(struct half *half, uint8_t byte, int sent) {
    half->sent_now++;
    if (half->watch.role == KA_ROLE_SOURCE) {
        INVARIANT(byte == 'A' || byte == 'H');
    } else if (byte != 'Y') {
        check_probe(half, byte, sent);
    }
}

/* Applies the protocol to the bytes that were read. Returns the type of the event that they mean, or 0.
 * *octet is the event's byte. */
static int receive(struct half *half, const uint8_t *bytes, size_t count, uint8_t *octet) {
    int queried = 0;
    int asked = 0; /* 'H' or 'Y' */
    for (size_t i = 0; i < count; i++) {
        uint8_t byte = bytes[i];
        if (half->watch.role == KA_ROLE_BACKUP && byte == 'G') {
            return KA_EVENT_LEFT;
        }
        if (half->watch.role == KA_ROLE_BACKUP && byte == 'E') {
            return KA_EVENT_FAILED;
        }
        if (half->watch.role == KA_ROLE_BACKUP && byte == 'A' && half->owed > 0) {
            half->owed--;
            half->silent_probes = 0;
            half->satisfied_probes = half->probes_before;
        } else if (byte == (half->watch.role == KA_ROLE_BACKUP ? 'H' : 'Y')) {
            asked = 1;
        } else if (half->watch.role == KA_ROLE_SOURCE && byte == 'P') {
            half->host_probed = 1;
        } else if (half->watch.role == KA_ROLE_SOURCE && byte == 'Q') {
            queried = 1;
        } else {
            *octet = byte;
            return KA_EVENT_VIOLATION;
        }
    }
    INVARIANT(half->sent_now == (size_t)(queried && half->host_probed));
    int query = queried && !half->host_probed;
    if (!asked) {
        return query ? KA_EVENT_QUERY : 0;
    }
    *octet = query ? 'Q' : 0;
    return half->watch.role == KA_ROLE_BACKUP ? KA_EVENT_HOLD_BACK : KA_EVENT_PROMISE;
}

/* What the source said before the connection's end counts for more than that end. */
static int is_last_word_unread(const struct half *half, const struct sim_end *before) {
    struct half copy = *half;
    uint8_t ignored;
    size_t count = before->inbox_count < READ_LIMIT ? before->inbox_count : READ_LIMIT;
    int type = receive(&copy, before->inbox, count, &ignored);
    return type == KA_EVENT_LEFT || type == KA_EVENT_FAILED;
}

/* No byte was read: the verdict comes from the kernel or from the clock. */
static void check_verdict(const struct half *half, const struct sim_end *before, int was_outstanding) {
    const struct ka_event *event = &half->event;
    INVARIANT(event->type == KA_EVENT_FAILED);
    INVARIANT(!is_last_word_unread(half, before));
    if (event->error != 0) {
        INVARIANT(event->error == before->error || event->error == before->send_error ||
                  (event->error == before->soft_error && before->unacked > 0));
    } else if (event->cause == KA_CAUSE_CLOSED) {
        INVARIANT(before->fin && before->inbox_count == 0);
    } else {
        INVARIANT(was_outstanding && sim.now_ns >= half->watch.sent_ns + half->watch.probe_deadline_ns);
        INVARIANT(event->cause == KA_CAUSE_HUNG || before->soft_error == 0);
        INVARIANT(event->cause == KA_CAUSE_HUNG || half->watch.resent || before->resends > 0 ||
                  sim_sent_ms_ago(before) > 0);
        INVARIANT(event->cause == (before->unacked > 0 ? KA_CAUSE_TIMED_OUT : KA_CAUSE_HUNG));
        INVARIANT(event->cause == KA_CAUSE_TIMED_OUT ||
                  (half->watch.liveness == KA_LIVENESS_PROCESS && half->satisfied_probes < half->probes));
    }
}

static void check_suspicion(struct half *half) {
    int suspects = half->event.type == KA_EVENT_SUSPECT;
    INVARIANT(suspects != half->suspected);
    INVARIANT(!suspects || half->event.probes >= half->watch.suspect_after);
    INVARIANT(!suspects || half->watch.suspect_after > 0);
    half->suspected = suspects;
}

static void check_event(struct half *half, const struct sim_end *before, size_t consumed,
                        int was_outstanding) {
    uint8_t octet = 0;
    int type = receive(half, before->inbox, consumed, &octet);
    half->over = ka_is_final(&half->event);
    INVARIANT(half->event.fd == half->fd && half->event.token == (uint64_t)half->fd);
    INVARIANT((half->event.type == KA_EVENT_FAILED) == (half->event.cause != 0));
    INVARIANT(half->event.byte == octet);
    if (type != 0) {
        INVARIANT(half->event.type == type);
        INVARIANT(type != KA_EVENT_FAILED || half->event.cause == KA_CAUSE_WORKLOAD_ENDED);
    } else if (half->over) {
        check_verdict(half, before, was_outstanding);
    } else {
        check_suspicion(half);
    }
}

/* Checks the outcome of one call of the shim. */
static void check_step(struct half *half, const struct sim_end *before, int was_outstanding, int result) {
    const struct sim_end *end = &sim.end[half->fd];
    size_t consumed = before->inbox_count - end->inbox_count;
    INVARIANT(consumed <= READ_LIMIT);
    INVARIANT(result >= 0 ||
              -result == before->error); /* only errors that mean that there is no connection */
    half->over = result < 0;
    if (result > 0) {
        check_event(half, before, consumed, was_outstanding);
    } else if (result == 0) {
        uint8_t ignored;
        INVARIANT(receive(half, before->inbox, consumed, &ignored) == 0);
    }
}

static int is_readable(const struct sim_end *end) {
    return end->inbox_count > 0 || end->fin || end->error != 0;
}

static void respond(struct half *half) {
    int type = half->event.type;
    half->event.type = 0;
    if (half->healthy && (type == KA_EVENT_QUERY || (type == KA_EVENT_PROMISE && half->event.byte == 'Q'))) {
        ka_send(half->fd, 'A');
    }
    if (type == KA_EVENT_HOLD_BACK) {
        half->promised = 1;
        ka_send(half->fd, 'Y');
    }
}

void half_ready(struct half *half) {
    struct sim_end before = sim.end[half->fd];
    int was_outstanding = half->watch.outstanding;
    if (half->over || !is_readable(&before)) {
        return;
    }
    half->sent_now = 0;
    half->probes_before = half->probes;
    check_step(half, &before, was_outstanding, ka_watch_ready(&half->watch, &half->event));
    if (!half->over) {
        respond(half);
    }
}

/* After a check that neither ended the link nor its probe, the probe has time left: at most its own and the
 * pauses that were forgiven. */
static void check_progress(const struct half *half) {
    const struct ka_watch *watch = &half->watch;
    INVARIANT(watch->deadline_ns != KA_NEVER);
    if (half->event.type != KA_EVENT_HOLD_BACK) { /* which comes first; the verdict follows */
        INVARIANT(!watch->outstanding || sim.now_ns < watch->expires_ns);
        INVARIANT(watch->deadline_ns > sim.now_ns || !watch->outstanding);
    }
    INVARIANT(!watch->outstanding || watch->expires_ns <= watch->sent_ns + watch->probe_deadline_ns +
                                                              half->forgivable_ns + watch->resent * JIFFY_NS);
}

void half_due(struct half *half) {
    struct sim_end before = sim.end[half->fd];
    int was_outstanding = half->watch.outstanding;
    if (half->over || half->watch.deadline_ns > sim.now_ns) {
        return;
    }
    half->sent_now = 0;
    half->forgivable_ns += sim.now_ns - half->watch.deadline_ns;
    half->probes_before = half->probes;
    half->event.type = 0;
    int result = ka_watch_due(&half->watch, &half->event);
    size_t sent = half->sent_now;
    half->sent_now = 0; /* probes are not answers */
    INVARIANT(half->probes <= half->probes_before + 1 && sent <= 1);
    check_step(half, &before, was_outstanding, result);
    if (!half->over) {
        check_progress(half);
        respond(half);
    }
}
