#include "expected.h"

#include "clock.h"

#include <errno.h>
#include <linux/tcp.h>
#include <string.h>

#define TCP_CLOSE 7 /* include/net/tcp_states.h */

enum ka_cause documented_cause(int error) {
    static const uint8_t causes[256] = {
        [0] = KA_CAUSE_CLOSED,         [ETIMEDOUT] = KA_CAUSE_TIMED_OUT,  [ECONNRESET] = KA_CAUSE_RESET,
        [EPIPE] = KA_CAUSE_RESET,      [ECONNABORTED] = KA_CAUSE_ABORTED, [EBADF] = KA_CAUSE_ABORTED,
        [ENOTSOCK] = KA_CAUSE_ABORTED, [ENOTCONN] = KA_CAUSE_ABORTED,     [EPERM] = KA_CAUSE_ABORTED,
        [ENOSYS] = KA_CAUSE_ABORTED,
    };
    return causes[error] == 0 ? KA_CAUSE_UNREACHABLE : (enum ka_cause)causes[error];
}

static int is_one_of(int error, const int *errors, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (errors[i] == error) {
            return 1;
        }
    }
    return 0;
}

static int is_transient(int error) {
    static const int transient[] = {EAGAIN, EINTR, ENOMEM, ENOBUFS};
    return is_one_of(error, transient, sizeof transient / sizeof transient[0]);
}

static int is_misuse(int error) {
    static const int misuse[] = {EBADF, ENOTSOCK, ENOTCONN};
    return is_one_of(error, misuse, sizeof misuse / sizeof misuse[0]);
}

static uint32_t smaller(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

void check_evidence(const struct ka_event *event) {
    struct tcp_info info;
    memcpy(&info, kernel.info, sizeof info);
    INVARIANT(event->fd == FD && event->reserved == 0);
    INVARIANT(event->tcp_info_length == (uint32_t)kernel.info_length);
    INVARIANT(memcmp(event->tcp_info, kernel.info, event->tcp_info_length) == 0);
    INVARIANT(event->verdict_ns <= kernel.now_ns);
    int64_t silence_ms = smaller(info.tcpi_last_data_recv, info.tcpi_last_ack_recv);
    INVARIANT(event->last_heard_ns == event->verdict_ns - silence_ms * KA_NS_PER_MS);
}

static void check_failed(const struct ka_event *event, int error) {
    INVARIANT(event->type == KA_EVENT_FAILED);
    INVARIANT(event->error == error);
    INVARIANT(event->cause == (int32_t)documented_cause(error));
    INVARIANT(event->byte == 0);
    INVARIANT(event->probes == kernel.info[offsetof(struct tcp_info, tcpi_probes)]);
}

/* Returns the first byte that this role may not receive without probes, or -1. A farewell or the workload's
 * end before it ends the link: *last is that byte, or 0. */
static int first_foreign(int role, uint8_t *last) {
    *last = 0;
    for (ssize_t i = 0; i < kernel.received; i++) {
        uint8_t byte = kernel.bytes[i];
        if (role == KA_ROLE_BACKUP && (byte == 'G' || byte == 'E')) {
            *last = byte;
            return -1;
        }
        if (memchr(role == KA_ROLE_BACKUP ? "HHH" : "PQY", byte, 3) == NULL) {
            return byte;
        }
    }
    return -1;
}

static int has_received(uint8_t byte) {
    return memchr(kernel.bytes, byte, (size_t)kernel.received) != NULL;
}

/* The shim itself answers a peer that has sent a probe. */
static int is_query_left(void) {
    return has_received('Q') && !has_received('P');
}

static int byte_of_event(int type, int foreign) {
    return type == KA_EVENT_VIOLATION ? foreign : type == KA_EVENT_PROMISE && is_query_left() ? 'Q' : 0;
}

/* Returns the type of the event that the bytes mean, or 0. */
static int type_of_bytes(int role, int *foreign) {
    uint8_t last;
    *foreign = first_foreign(role, &last);
    if (last != 0) {
        return last == 'G' ? KA_EVENT_LEFT : KA_EVENT_FAILED;
    }
    if (*foreign >= 0) {
        return KA_EVENT_VIOLATION;
    }
    if (role == KA_ROLE_BACKUP) {
        return has_received('H') ? KA_EVENT_HOLD_BACK : 0;
    }
    return has_received('Y') ? KA_EVENT_PROMISE : is_query_left() ? KA_EVENT_QUERY : 0;
}

static void check_bytes(int role, int result, const struct ka_event *event) {
    int foreign;
    int type = type_of_bytes(role, &foreign);
    if (type == 0 || kernel.info_error != 0) {
        INVARIANT(result == (type == 0 ? 0 : -kernel.info_error));
        return;
    }
    INVARIANT(result == 1);
    INVARIANT(event->type == type);
    INVARIANT(event->cause == (type == KA_EVENT_FAILED ? KA_CAUSE_WORKLOAD_ENDED : 0) && event->error == 0);
    INVARIANT(event->byte == byte_of_event(type, foreign));
    check_evidence(event);
}

static void check_end(int error, int result, const struct ka_event *event) {
    if (kernel.info_error != 0) {
        INVARIANT(result == -kernel.info_error);
        return;
    }
    INVARIANT(result == 1);
    check_failed(event, error);
    check_evidence(event);
}

/* After a FIN the shim reads SO_ERROR only if the connection no longer exists. Then it is a reset's error. */
static void check_fin(int result, const struct ka_event *event) {
    int gone = !kernel.is_open && kernel.info_error == 0 && kernel.info[0] == TCP_CLOSE;
    INVARIANT(kernel.takes == gone);
    if (gone && kernel.take_error != 0) {
        INVARIANT(result == -kernel.take_error);
    } else {
        check_end(gone ? kernel.taken : 0, result, event);
    }
}

void check_ready(int role, int result, const struct ka_event *event) {
    if (kernel.received > 0) {
        INVARIANT(kernel.takes == 0);
        check_bytes(role, result, event);
    } else if (kernel.received < 0) {
        INVARIANT(kernel.takes == 0); /* recv(2) has cleared the error already */
        if (is_transient(kernel.receive_error)) {
            INVARIANT(result == 0);
        } else if (is_misuse(kernel.receive_error)) {
            INVARIANT(result == -kernel.receive_error);
        } else {
            check_end(kernel.receive_error, result, event);
        }
    } else {
        check_fin(result, event);
    }
}
