#ifndef KA_WAIT_H
#define KA_WAIT_H

#include <poll.h>
#include <stdint.h>
#include <sys/epoll.h>

/*
 * Waits for one descriptor until a deadline (CLOCK_MONOTONIC, INT64_MAX for ever), through signals. Returns 0
 * when it is ready, -ETIME when the time ran out, or -errno.
 */
int ka_wait_fd(int fd, short events, int64_t deadline_ns);

/* epoll_wait(2) with a deadline in ns, so that fast detection loses no ms to rounding. Returns as that, with
 * -errno. */
int ka_wait_epoll(int epoll_fd, struct epoll_event *events, int capacity, int64_t deadline_ns);

#endif
