#include "event_queue.h"

#include "watch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A link has at most these in the queue: its suspicion or recovery, a request to hold back, its end. */
#define EVENTS_OF_LINK 3

int ka_event_queue_reserve(struct ka_event_queue *queue, size_t links) {
    size_t needed = queue->count + links * EVENTS_OF_LINK;
    if (needed <= queue->capacity) {
        return 0;
    }
    size_t capacity = needed * 2;
    struct ka_event *events = realloc(queue->events, capacity * sizeof *events);
    if (events == NULL) {
        return -ENOMEM;
    }
    queue->events = events;
    queue->capacity = capacity;
    return 0;
}

static int is_suspicion(int32_t type) {
    return type == KA_EVENT_SUSPECT || type == KA_EVENT_RECOVERED;
}

static int are_alike(int32_t type, int32_t other) {
    return is_suspicion(type) ? is_suspicion(other) : type == KA_EVENT_HOLD_BACK && other == type;
}

static void erase(struct ka_event_queue *queue, size_t index) {
    queue->count--;
    memmove(&queue->events[index], &queue->events[index + 1], (queue->count - index) * sizeof *queue->events);
}

/* Removes the link's earlier event that the new one undoes or replaces. Returns whether there was one. */
static int supersede(struct ka_event_queue *queue, const struct ka_event *event) {
    for (size_t i = 0; i < queue->count; i++) {
        if (queue->events[i].token == event->token && are_alike(event->type, queue->events[i].type)) {
            erase(queue, i);
            return 1;
        }
    }
    return 0;
}

void ka_event_queue_put(struct ka_event_queue *queue, const struct ka_event *event) {
    int superseded = !ka_is_final(event) && supersede(queue, event);
    if (!superseded || !is_suspicion(event->type)) {
        queue->events[queue->count++] = *event;
    }
}

size_t ka_event_queue_take(struct ka_event_queue *queue, struct ka_event *events, size_t capacity) {
    size_t count = queue->count < capacity ? queue->count : capacity;
    memcpy(events, queue->events, count * sizeof *events);
    queue->count -= count;
    memmove(queue->events, queue->events + count, queue->count * sizeof *events);
    return count;
}

void ka_event_queue_untell(const struct ka_event_queue *queue, int fd, struct ka_observation *observation) {
    for (size_t i = 0; observation != NULL && i < queue->count; i++) {
        if (queue->events[i].fd == fd && is_suspicion(queue->events[i].type)) {
            observation->suspected = queue->events[i].type == KA_EVENT_RECOVERED;
        }
    }
}

int ka_event_queue_remove(struct ka_event_queue *queue, int fd, struct ka_event *event) {
    int found = 0;
    for (size_t i = queue->count; i-- > 0;) {
        if (queue->events[i].fd != fd) {
            continue;
        }
        if (!found && ka_is_final(&queue->events[i])) {
            found = 1;
            if (event != NULL) {
                *event = queue->events[i];
            }
        }
        erase(queue, i);
    }
    return found;
}

void ka_event_queue_free(struct ka_event_queue *queue) {
    free(queue->events);
}
