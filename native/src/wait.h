#ifndef KA_WAIT_H
#define KA_WAIT_H

#include <poll.h>
#include <stdint.h>
#include <sys/epoll.h>

/*
 * Waits for one descriptor until a deadline (CLOCK_MONOTONIC in ns; INT64_MAX means forever). Signals don't
 * end the wait. Returns 0 when the descriptor is ready, -ETIME when the time ran out, or -errno.
 */
int ka_wait_fd(int fd, short events, int64_t deadline_ns);

/* Returned if only the second descriptor is ready. */
#define KA_SECOND_READY 0

/* Waits as ka_wait_fd, also for a second descriptor, and for an eventfd. If that alone is ready, it is read,
 * and the result is -ECANCELED. A second_fd or wake_fd of -1 is ignored. Returns poll(2)'s events when the
 * first descriptor is ready. */
int ka_wait_fds_or_wake(int fd, short events, int second_fd, int wake_fd, int64_t deadline_ns);

/* epoll_wait(2) with a deadline in ns, so that fast detection loses no ms to rounding. Returns the number of
 * events, or -errno, also -EINTR. */
int ka_wait_epoll(int epoll_fd, struct epoll_event *events, int capacity, int64_t deadline_ns);

#endif
