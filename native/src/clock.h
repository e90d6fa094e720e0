#ifndef KA_CLOCK_H
#define KA_CLOCK_H

#include <stdint.h>
#include <time.h>

#define KA_NS_PER_MS INT64_C(1000000)
#define KA_NS_PER_S INT64_C(1000000000)

/* CLOCK_MONOTONIC, so that the times of an event compare with Java's System.nanoTime(). */
static inline int64_t ka_now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * KA_NS_PER_S + now.tv_nsec;
}

#endif
