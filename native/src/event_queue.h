#ifndef KA_EVENT_QUEUE_H
#define KA_EVENT_QUEUE_H

#include "keepalive4j.h"

#include <stddef.h>

struct ka_queue_entry;

/* Events in the order in which they happened, until somebody takes them. What one costs doesn't depend on how
 * many there are. Zeros make an empty one. */
struct ka_event_queue {
    struct ka_queue_entry *entries;
    size_t count;
    size_t capacity;
    uint32_t touched; /* no entry from this one on was ever used */
    uint32_t free;    /* the first of the entries that were used and are free */
    uint32_t first;
    uint32_t last;
    uint32_t *latest_of_fd; /* by descriptor */
    size_t fds;
};

/* Makes room for all that so many links can have in the queue, the latest of which has this descriptor.
 * Returns 0 or -ENOMEM. */
int ka_event_queue_reserve(struct ka_event_queue *queue, size_t links, int fd);

/* Adds an event, for which there is room. A link that is suspect and recovers before anybody has taken it, or
 * the reverse, was neither. Of several requests to hold back, the last counts. */
void ka_event_queue_put(struct ka_event_queue *queue, const struct ka_event *event);

/* Moves up to `capacity` events to `events` and returns how many. */
size_t ka_event_queue_take(struct ka_event_queue *queue, struct ka_event *events, size_t capacity);

/* Corrects what a descriptor's observation says of suspicion: only what was taken from the queue counts, for
 * the next observer is to hear of the rest. The observation may be NULL. */
void ka_event_queue_untell(const struct ka_event_queue *queue, int fd, struct ka_observation *observation);

/* Removes a descriptor's events. Returns whether its final one was among them, which `event` receives unless
 * it is NULL. */
int ka_event_queue_remove(struct ka_event_queue *queue, int fd, struct ka_event *event);

void ka_event_queue_free(struct ka_event_queue *queue);

#endif
