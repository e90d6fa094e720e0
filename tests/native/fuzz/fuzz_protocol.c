/*
 * A peer may send any bytes, in any chunks and at any times: each half keeps to the protocol (half.h). Two
 * halves of this library never report a violation to each other.
 */
#include "half.h"

#include "chunks.h"
#include "handshake_steps.h"

#include "clock.h"

#include <errno.h>

static struct half backup;
static struct half source;
static int has_left;

static void check_send(int fd, uint8_t byte, int sent) {
    half_check_send(fd == BACKUP_END ? &backup : &source, byte, sent);
}

static int64_t take_ns(struct input *input) {
    return KA_NS_PER_MS + take_u16(input) * INT64_C(50000);
}

static struct ka_watch_config take_backup(struct input *input) {
    return (struct ka_watch_config){
        .role = KA_ROLE_BACKUP,
        .liveness = take_u8(input) % 3,
        .probe_interval_ns = take_ns(input),
        .probe_deadline_ns = take_ns(input),
    };
}

static void start(struct input *input) {
    sim_start(take_u32(input) * KA_NS_PER_S);
    sim.knows_window = take_u8(input) % 4 != 0;
    sim.on_send = check_send;
}

static void start_halves(struct input *input) {
    struct ka_watch_config of_backup = take_backup(input);
    struct ka_watch_config of_source = {.role = KA_ROLE_SOURCE};
    of_backup.suspect_probes = of_backup.liveness == KA_LIVENESS_KEEPALIVE ? 0 : take_u8(input) % 128;
    half_start(&backup, BACKUP_END, &of_backup);
    half_start(&source, SOURCE_END, &of_source);
}

static void pass_time(struct input *input) {
    sim.now_ns += take_u16(input) * INT64_C(10000) << take_u8(input) % 12;
}

static void pass_until_deadline(const struct half *half) {
    if (half->watch.deadline_ns != KA_NEVER && half->watch.deadline_ns > sim.now_ns) {
        sim.now_ns = half->watch.deadline_ns;
    }
}

static void arrive(struct input *input, int fd) {
    for (int count = 1 + take_u8(input) % 16; count > 0; count--) {
        sim_arrive(fd, take_u8(input));
    }
}

static void flood(struct input *input, int fd) {
    uint8_t byte = take_u8(input);
    for (int count = take_u16(input) % INBOX_SIZE; count > 0; count--) {
        sim_arrive(fd, byte);
    }
}

static void trouble(struct input *input, struct sim_end *end) {
    switch (take_u8(input) % 6) {
    case 0:
        end->window = take_u32(input) >> take_u8(input) % 32;
        break;
    case 1:
        end->send_error = take_errno(input);
        break;
    case 2:
        sim_reset((int)(end - sim.end), take_errno(input));
        break;
    case 3:
        end->soft_error = end->is_reset ? 0 : take_errno(input);
        break;
    case 4:
        sim_resend((int)(end - sim.end), take_u8(input) % 2);
        break;
    default:
        end->fin = 1;
    }
}

/* A half against a peer that may send anything. */
static void step_alone(struct input *input, struct half *half) {
    switch (take_u8(input) % 8) {
    case 0:
        arrive(input, half->fd);
        break;
    case 1:
        flood(input, half->fd);
        break;
    case 2:
        pass_time(input);
        break;
    case 3:
        pass_until_deadline(half);
        half_due(half);
        break;
    case 4:
        half_due(half);
        break;
    case 5:
        sim.end[half->fd].on_way_count = 0;
        sim_acknowledge(half->fd);
        break;
    case 6:
        trouble(input, &sim.end[half->fd]);
        break;
    default:
        half_ready(half);
    }
}

static void alone(struct input *input) {
    start(input);
    struct half *half = take_u8(input) % 2 == 0 ? &backup : &source;
    start_halves(input);
    while (input->left > 0 && !half->over) {
        step_alone(input, half);
    }
}

/* The source sends its farewell and closes, perhaps with unread bytes, which resets the connection. */
static void stand_down(struct input *input) {
    struct sim_end *end = &sim.end[BACKUP_END];
    if (!source.over && !has_left) {
        has_left = 1;
        sim_deliver(SOURCE_END, SIZE_MAX);
        sim_arrive(BACKUP_END, 'G');
        end->fin = 1;
        if (take_u8(input) % 2 != 0) {
            sim_reset(BACKUP_END, ECONNRESET);
        }
    }
}

static void ask_to_hold_back(void) {
    if (!source.over && !has_left) {
        ka_send(SOURCE_END, 'H');
    }
}

static void step_together(struct input *input) {
    uint8_t count;
    switch (take_u8(input) % 13) {
    case 0:
        count = take_u8(input);
        sim_deliver(BACKUP_END, count);
        break;
    case 1:
        count = take_u8(input);
        sim_deliver(SOURCE_END, count);
        break;
    case 2:
        sim_acknowledge(BACKUP_END);
        break;
    case 3:
        sim_acknowledge(SOURCE_END);
        break;
    case 4:
    case 5:
        half_ready(&source);
        break;
    case 6:
        half_ready(&backup);
        break;
    case 7:
        pass_until_deadline(&backup);
        half_due(&backup);
        break;
    case 8:
        half_due(&backup);
        break;
    case 9:
        pass_time(input);
        break;
    case 10:
        source.healthy = take_u8(input) % 2;
        break;
    case 11:
        ask_to_hold_back();
        break;
    default:
        stand_down(input);
    }
}

static void check_known(const struct half *half) {
    INVARIANT(!half->over || half->event.type != KA_EVENT_VIOLATION);
    INVARIANT(!half->over || !has_left || half == &source || half->event.type == KA_EVENT_LEFT);
}

static void together(struct input *input) {
    start(input);
    start_halves(input);
    has_left = 0;
    while (input->left > 0 && !backup.over) {
        step_together(input);
        check_known(&source);
        check_known(&backup);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    struct input input = {.bytes = bytes, .left = size};
    switch (take_u8(&input) % 4) {
    case 0:
        chunks(&input);
        break;
    case 1:
        handshake(&input);
        break;
    case 2:
        alone(&input);
        break;
    default:
        together(&input);
    }
    return 0;
}
