#include "suspicion_steps.h"

#include "expected.h"

#include "clock.h"
#include "watch.h"

#include <errno.h>
#include <linux/tcp.h>

#define GRID_NS (100 * KA_NS_PER_MS)
#define TOKEN UINT64_C(0xfedcba9876543210)

/* The last unanswered probe is late half an interval after it was sent. */
static int64_t tolerated_ns(int probes) {
    return kernel.keepidle_s * KA_NS_PER_S + (2 * probes - 1) * (kernel.keepintvl_s * KA_NS_PER_S / 2);
}

/* A deadline in the past would spin. A deadline too late would miss a suspicion or a recovery. */
static void check_deadline(const struct ka_watch *watch, int64_t since_ns) {
    INVARIANT(watch->deadline_ns % GRID_NS == 0);
    INVARIANT(watch->deadline_ns >= since_ns);
    int64_t after_pause_ns = kernel.keepalive ? kernel.keepintvl_s * KA_NS_PER_S : 0;
    INVARIANT(watch->deadline_ns <=
              kernel.now_ns + tolerated_ns(watch->suspect_after) + after_pause_ns + GRID_NS);
}

/* The time after which the kernel's keepalive has given up for certain. */
static int64_t limit_ns(void) {
    int64_t probes = kernel.keepcnt;
    if (kernel.user_timeout_ms > 0) {
        probes = 1;
        while ((kernel.keepidle_s + probes * kernel.keepintvl_s) * 1000 < kernel.user_timeout_ms) {
            probes++;
        }
    }
    return (kernel.keepidle_s + probes * kernel.keepintvl_s) * KA_NS_PER_S / 8 * 9;
}

/* The silence was longer than keepalive takes, so the socket was read. Returns whether the link has ended. */
static int check_silent(const struct ka_watch *watch, int result, const struct ka_event *event) {
    INVARIANT(kernel.keepalive);
    INVARIANT(watch->silence_limit_ns == limit_ns());
    INVARIANT(watch->deadline_ns % GRID_NS == 0);
    INVARIANT(result <= 0 || event->cause != KA_CAUSE_HUNG);
    INVARIANT(result <= 0 || event->error != ENOBUFS || event->cause != 0);
    return result < 0 || (result > 0 && ka_is_final(event));
}

static void check_step(const struct ka_watch *watch, int was_suspected, int result,
                       const struct ka_event *event) {
    if (kernel.info_error != 0) {
        INVARIANT(result == -kernel.info_error);
        return;
    }
    int overdue = event->verdict_ns - event->last_heard_ns >= tolerated_ns(watch->suspect_after);
    int unanswered = kernel.info[offsetof(struct tcp_info, tcpi_probes)];
    int by_silence = kernel.keepalive && event->type == KA_EVENT_SUSPECT;
    int suspects = !was_suspected && overdue && (unanswered >= watch->suspect_after || by_silence);
    int recovers = was_suspected && !overdue;
    check_evidence(event);
    check_deadline(watch, event->verdict_ns);
    INVARIANT(event->token == TOKEN && event->probes == unanswered);
    INVARIANT(result == (suspects || recovers));
    INVARIANT(event->type == (suspects ? KA_EVENT_SUSPECT : recovers ? KA_EVENT_RECOVERED : 0));
    INVARIANT(watch->suspected == (suspects || (was_suspected && !recovers)));
    INVARIANT(event->cause == 0 && event->error == 0 && event->byte == 0);
}

void suspicion(struct input *input) {
    struct ka_watch_config config = {.role = KA_ROLE_BACKUP, .suspect_probes = 1 + take_u8(input) % 127};
    struct ka_watch watch;
    int keepalive = take_u8(input) % 2;
    start_kernel(input);
    kernel.keepalive = keepalive;
    int64_t started_ns = kernel.now_ns;
    int result = ka_watch_init(&watch, FD, TOKEN, &config, NULL);
    INVARIANT(result == -kernel.take_error);
    if (result < 0) {
        return;
    }
    check_deadline(&watch, started_ns);
    while (input->left > 0) {
        int was_suspected = watch.suspected;
        struct ka_event event;
        int receives = kernel.receives;
        kernel.now_ns += take_u32(input) * INT64_C(1000);
        result = ka_watch_due(&watch, &event);
        if (kernel.receives == receives) {
            check_step(&watch, was_suspected, result, &event);
        } else if (check_silent(&watch, result, &event)) {
            return;
        }
    }
}
