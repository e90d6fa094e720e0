#ifndef KA_EVENT_QUEUE_H
#define KA_EVENT_QUEUE_H

#include "keepalive4j.h"

#include <stddef.h>

/* Events in the order in which they happened, until somebody takes them. */
struct ka_event_queue {
    struct ka_event *events;
    size_t count;
    size_t capacity;
};

/* Makes room for all that so many links can have in the queue. Returns 0 or -ENOMEM. */
int ka_event_queue_reserve(struct ka_event_queue *queue, size_t links);

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
