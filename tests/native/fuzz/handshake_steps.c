#include "handshake_steps.h"

#include "simulated_link.h"

#include "clock.h"
#include "keepalive4j.h"

#include <errno.h>
#include <poll.h>

static struct input *script;
static int sent_count;
static int is_concluded; /* the last step decided the result... */
static int expected;     /* ... which is this */

static void record_send(int fd, uint8_t byte, int sent) {
    (void)sent;
    INVARIANT(fd == BACKUP_END && byte == "YQ"[sent_count]);
    sent_count++;
}

static void conclude(int result) {
    is_concluded = 1;
    expected = result;
}

static int fail_wait(void) {
    int error = take_errno(script);
    if (error != EINTR && error != EAGAIN) {
        conclude(-error);
    }
    errno = error;
    return -1;
}

static int arrive(struct sim_end *end) {
    uint8_t choice = take_u8(script) % 4;
    if (choice == 0) {
        end->fin = 1;
        conclude(-EPIPE);
    } else if (choice == 1) {
        end->error = take_errno(script);
        end->error = end->error == EAGAIN ? ECONNRESET : end->error; /* no connection ends with it */
        conclude(-end->error);
    } else if (choice == 2) {
        uint8_t byte = take_u8(script);
        sim_arrive(BACKUP_END, byte);
        conclude(byte == 'A' ? 0 : byte == 'G' ? -ECONNREFUSED : -EPROTO);
    } /* else ready, but nothing to read */
    return 1;
}

/* After the end of the input the time runs out. */
int __wrap_ppoll(struct pollfd *entries, nfds_t count, const struct timespec *timeout, const sigset_t *mask);
int __wrap_ppoll(struct pollfd *entries, nfds_t count, const struct timespec *timeout, const sigset_t *mask) {
    INVARIANT(count == 3 && entries->fd == BACKUP_END && timeout != NULL && mask == NULL);
    INVARIANT(entries[1].fd == -1 && entries[2].fd == -1);
    INVARIANT(!is_concluded);
    INVARIANT(timeout->tv_sec >= 0 && timeout->tv_nsec >= 0 && timeout->tv_nsec < KA_NS_PER_S);
    int64_t left_ns = timeout->tv_sec * KA_NS_PER_S + timeout->tv_nsec;
    uint8_t choice = take_u8(script) % 4;
    if (choice == 0) {
        sim.now_ns += left_ns;
        conclude(-ETIME);
        return 0;
    }
    sim.now_ns += left_ns / 16;
    entries->revents = POLLIN;
    return choice == 1 ? fail_wait() : arrive(&sim.end[BACKUP_END]);
}

void handshake(struct input *input) {
    int timeout_ms = (int)take_u32(input) >> take_u8(input) % 32;
    script = input;
    sent_count = 0;
    is_concluded = 0;
    sim_start(take_u32(input) * KA_NS_PER_S);
    sim.on_send = record_send;
    int send_error = take_u8(input) % 8 == 7 ? take_errno(input) : 0;
    sim.end[BACKUP_END].send_error = send_error;
    int64_t started_ns = sim.now_ns;

    int result = ka_handshake(BACKUP_END, timeout_ms);
    if (timeout_ms < 1) {
        INVARIANT(result == -EINVAL && sent_count == 0);
        return;
    }
    INVARIANT(sent_count == 2);
    INVARIANT(result == (send_error != 0 ? -send_error : expected));
    INVARIANT(sim.now_ns <= started_ns + timeout_ms * KA_NS_PER_MS);
    INVARIANT(sim.end[BACKUP_END].inbox_count == 0);
}
