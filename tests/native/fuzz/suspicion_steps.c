#include "suspicion_steps.h"

#include "expected.h"

#include "clock.h"
#include "watch.h"

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
    INVARIANT(watch->deadline_ns <= kernel.now_ns + tolerated_ns(watch->suspect_after) + GRID_NS);
}

static void check_step(const struct ka_watch *watch, int was_suspected, int result,
                       const struct ka_event *event) {
    if (kernel.info_error != 0) {
        INVARIANT(result == -kernel.info_error);
        return;
    }
    int overdue = event->verdict_ns - event->last_heard_ns >= tolerated_ns(watch->suspect_after);
    int unanswered = kernel.info[offsetof(struct tcp_info, tcpi_probes)];
    int suspects = !was_suspected && overdue && unanswered >= watch->suspect_after;
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
    start_kernel(input);
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
        kernel.now_ns += take_u32(input) * INT64_C(1000);
        check_step(&watch, was_suspected, ka_watch_due(&watch, &event), &event);
    }
}
