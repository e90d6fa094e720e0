/* The scripted kernel returns anything. The shim's verdict has to follow from that alone, as in expected.h.
 */
#include "expected.h"
#include "suspicion_steps.h"

#include "clock.h"
#include "watch.h"

#include <errno.h>

static void classify(struct input *input) {
    struct ka_watch_config config = {.role = take_u8(input) % 2, .suspect_probes = take_u8(input)};
    struct ka_event event;
    start_kernel(input);
    int result = ka_classify(FD, &config, NULL, &event);
    INVARIANT(kernel.receives == 1);
    check_ready(config.role, result, &event);
}

/* Returns any configuration, also an invalid one. */
static struct ka_watch_config take_config(struct input *input) {
    return (struct ka_watch_config){
        .role = (int8_t)take_u8(input) % 3,
        .liveness = (int8_t)take_u8(input) % 4,
        .probe_interval_ns = take_u32(input) * INT64_C(1000),
        .probe_deadline_ns = take_u32(input) * INT64_C(1000),
    };
}

static int is_probing(const struct ka_watch_config *config) {
    return config->liveness != KA_LIVENESS_KEEPALIVE;
}

static int is_valid(const struct ka_watch_config *config) {
    int probes = config->role == KA_ROLE_BACKUP && config->probe_interval_ns >= KA_NS_PER_MS &&
                 config->probe_deadline_ns >= KA_NS_PER_MS;
    return (config->role == KA_ROLE_BACKUP || config->role == KA_ROLE_SOURCE) && config->liveness >= 0 &&
           config->liveness <= KA_LIVENESS_PROCESS && (!is_probing(config) || probes);
}

static void check_awaited_with_probes(const struct ka_watch_config *config, const struct ka_event *event) {
    INVARIANT(ka_is_final(event));
    INVARIANT((event->type == KA_EVENT_FAILED) == (event->cause != 0));
    INVARIANT(event->cause >= 0 && event->cause <= KA_CAUSE_WORKLOAD_ENDED);
    INVARIANT(event->cause != KA_CAUSE_HUNG || config->liveness == KA_LIVENESS_PROCESS);
    INVARIANT(event->type == KA_EVENT_VIOLATION || event->byte == 0);
    INVARIANT(event->error == 0 || event->cause == (int32_t)documented_cause(event->error));
    check_evidence(event);
}

/* ka_await returns only errors that the kernel returned last. */
static int was_returned(int error) {
    return error == kernel.poll_error || error == kernel.info_error || error == kernel.take_error ||
           error == kernel.receive_error;
}

static void await(struct input *input) {
    struct ka_watch_config config = take_config(input);
    int timeout_ms = (int)take_u32(input) >> take_u8(input) % 32;
    struct ka_event event;
    start_kernel(input);
    int64_t started_ns = kernel.now_ns;
    int result = ka_await(FD, &config, NULL, timeout_ms, &event);
    if (!is_valid(&config)) {
        INVARIANT(result == -EINVAL && kernel.calls == 0);
    } else if (result == 0) {
        INVARIANT(timeout_ms >= 0 && kernel.now_ns >= started_ns + timeout_ms * KA_NS_PER_MS);
    } else if (result < 0) {
        INVARIANT(was_returned(-result));
    } else if (is_probing(&config)) {
        check_awaited_with_probes(&config, &event);
    } else {
        INVARIANT(ka_is_final(&event));
        check_ready(config.role, result, &event);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    struct input input = {.bytes = bytes, .left = size};
    switch (take_u8(&input) % 3) {
    case 0:
        classify(&input);
        break;
    case 1:
        await(&input);
        break;
    default:
        suspicion(&input);
    }
    return 0;
}
