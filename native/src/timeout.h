#ifndef KA_TIMEOUT_H
#define KA_TIMEOUT_H

#include "clock.h"

#include <limits.h>
#include <stddef.h>

/* Converts a timeout in ms, as for poll(2), to a deadline. -1 means forever: INT64_MAX. */
static inline int64_t ka_deadline_after_ms(int timeout_ms) {
    return timeout_ms < 0 ? INT64_MAX : ka_now_ns() + timeout_ms * KA_NS_PER_MS;
}

/* Returns the time left until a deadline, as for ppoll(2). NULL means forever. */
static inline const struct timespec *ka_time_until(int64_t deadline_ns, struct timespec *left) {
    if (deadline_ns == INT64_MAX) {
        return NULL;
    }
    int64_t left_ns = deadline_ns - ka_now_ns();
    left->tv_sec = left_ns > 0 ? left_ns / KA_NS_PER_S : 0;
    left->tv_nsec = left_ns > 0 ? left_ns % KA_NS_PER_S : 0;
    return left;
}

/* Returns the time left until a deadline, as for poll(2). It is rounded up, so that no wait ends early. */
static inline int ka_ms_until(int64_t deadline_ns) {
    if (deadline_ns == INT64_MAX) {
        return -1;
    }
    int64_t left_ns = deadline_ns - ka_now_ns();
    int64_t left_ms = left_ns > 0 ? (left_ns + KA_NS_PER_MS - 1) / KA_NS_PER_MS : 0;
    return left_ms > INT_MAX ? INT_MAX : (int)left_ms;
}

#endif
