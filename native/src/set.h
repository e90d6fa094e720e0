#ifndef KA_SET_H
#define KA_SET_H

#include "carrier.h"
#include "deadline_heap.h"
#include "watch.h"

#include <pthread.h>
#include <sys/epoll.h>

/*
 * Watched descriptors, their deadlines, and the epoll set that waits for both. One thread waits and judges;
 * any thread adds and removes. The lock guards the fields below it. It is held while descriptors are judged,
 * never while waiting.
 */
struct ka_set {
    int epoll_fd;
    int wake_fd;
    pthread_mutex_t lock;
    int carrier_fd; /* tells of carriers: carriers.c; -1 until a link depends on one, then it stays */
    int32_t carriers[KA_CARRIER_MOST]; /* the interfaces that it tells of */
    int carrier_count;                 /* of all, if more than KA_CARRIER_MOST */
    struct ka_watch **by_fd;
    int by_fd_size;
    uint32_t generation;
    struct ka_watch *spent; /* freed before the next wait, after the callbacks of their events */
    struct ka_deadline_heap deadlines;
    int64_t wait_end_ns; /* the latest end of the wait that is under way; 0 while there is none */
};

/* Returns 0, or -errno with nothing left open. */
int ka_set_open(struct ka_set *set);

/* Has the lock inherit priorities. For a set that nobody else uses yet. Returns 0 or -errno. */
int ka_set_inherit_priority(struct ka_set *set);

/* Frees the watches. The descriptors in the set stay open. */
void ka_set_close(struct ka_set *set);

/* Makes the current or the next ka_set_wait return at once. Returns 0 or -errno. */
int ka_set_wake(struct ka_set *set);

/* Waits until descriptors are ready, a deadline has come, `limit_ns` has, or ka_set_wake was called. Returns
 * how many of `ready` it filled, or -errno. */
int ka_set_wait(struct ka_set *set, struct epoll_event *ready, int capacity, int64_t limit_ns);

/* The caller of the following functions holds the lock. */

/* Adds a copy of the watch. Returns 0, -EEXIST or another -errno. */
int ka_set_add(struct ka_set *set, const struct ka_watch *prototype);

/* Returns 0 with the observation filled, if it isn't NULL, or -ENOENT. */
int ka_set_remove(struct ka_set *set, int fd, struct ka_observation *observation);

int ka_set_contains(const struct ka_set *set, int fd);

/* Judges what a wait has returned, then the deadlines that have come. Fills at most `capacity` events, which
 * is at least `ready_count`, and returns how many. Sets *woken if ka_set_wake ended the wait. */
int ka_set_judge(struct ka_set *set, const struct epoll_event *ready, int ready_count,
                 struct ka_event *events, int capacity, int *woken);

#endif
