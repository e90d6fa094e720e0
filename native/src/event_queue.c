#include "event_queue.h"

#include "watch.h"

#include <errno.h>
#include <stdlib.h>

/* A link has at most these in the queue: its suspicion or recovery, a request to hold back, its end. */
#define EVENTS_OF_LINK 3

#define NONE UINT32_MAX

/* An event in two lists: that of all in their order, and that of its descriptor, the latest first. Each is an
 * index in `entries`. */
struct ka_queue_entry {
    struct ka_event event;
    uint32_t previous;
    uint32_t next; /* also in the list of entries that are free */
    uint32_t earlier_of_fd;
};

static int reserve_entries(struct ka_event_queue *queue, size_t needed) {
    if (needed <= queue->capacity) {
        return 0;
    }
    size_t capacity = needed * 2;
    struct ka_queue_entry *entries =
        capacity < NONE ? realloc(queue->entries, capacity * sizeof *entries) : NULL;
    if (entries == NULL) {
        return -ENOMEM;
    }
    if (queue->entries == NULL) {
        queue->first = queue->last = queue->free = NONE;
    }
    queue->entries = entries;
    queue->capacity = capacity;
    return 0;
}

static int reserve_fd(struct ka_event_queue *queue, size_t fd) {
    if (fd < queue->fds) {
        return 0;
    }
    size_t fds = (fd + 1) * 2;
    uint32_t *latest_of_fd = realloc(queue->latest_of_fd, fds * sizeof *latest_of_fd);
    if (latest_of_fd == NULL) {
        return -ENOMEM;
    }
    for (size_t i = queue->fds; i < fds; i++) {
        latest_of_fd[i] = NONE;
    }
    queue->latest_of_fd = latest_of_fd;
    queue->fds = fds;
    return 0;
}

int ka_event_queue_reserve(struct ka_event_queue *queue, size_t links, int fd) {
    int result = reserve_entries(queue, queue->count + links * EVENTS_OF_LINK);
    return result == 0 ? reserve_fd(queue, (size_t)fd) : result;
}

static int is_suspicion(int32_t type) {
    return type == KA_EVENT_SUSPECT || type == KA_EVENT_RECOVERED;
}

static int are_alike(int32_t type, int32_t other) {
    return is_suspicion(type) ? is_suspicion(other) : type == KA_EVENT_HOLD_BACK && other == type;
}

static uint32_t latest_of(const struct ka_event_queue *queue, int fd) {
    return (size_t)fd < queue->fds ? queue->latest_of_fd[fd] : NONE;
}

static uint32_t take_free(struct ka_event_queue *queue) {
    uint32_t index = queue->free;
    if (index == NONE) {
        return queue->touched++;
    }
    queue->free = queue->entries[index].next;
    return index;
}

static void append(struct ka_event_queue *queue, const struct ka_event *event) {
    uint32_t index = take_free(queue);
    struct ka_queue_entry *entry = &queue->entries[index];
    *entry = (struct ka_queue_entry){.event = *event,
                                     .previous = queue->last,
                                     .next = NONE,
                                     .earlier_of_fd = queue->latest_of_fd[event->fd]};
    *(queue->last == NONE ? &queue->first : &queue->entries[queue->last].next) = index;
    queue->last = index;
    queue->latest_of_fd[event->fd] = index;
    queue->count++;
}

/* Walks the events of one descriptor, which are few. */
static void leave_fd(struct ka_event_queue *queue, uint32_t index) {
    uint32_t *link = &queue->latest_of_fd[queue->entries[index].event.fd];
    while (*link != index) {
        link = &queue->entries[*link].earlier_of_fd;
    }
    *link = queue->entries[index].earlier_of_fd;
}

static void erase(struct ka_event_queue *queue, uint32_t index) {
    struct ka_queue_entry *entry = &queue->entries[index];
    leave_fd(queue, index);
    *(entry->previous == NONE ? &queue->first : &queue->entries[entry->previous].next) = entry->next;
    *(entry->next == NONE ? &queue->last : &queue->entries[entry->next].previous) = entry->previous;
    entry->next = queue->free;
    queue->free = index;
    queue->count--;
}

/* Removes the link's earlier event that the new one undoes or replaces. Returns whether there was one. */
static int supersede(struct ka_event_queue *queue, const struct ka_event *event) {
    for (uint32_t i = latest_of(queue, event->fd); i != NONE; i = queue->entries[i].earlier_of_fd) {
        const struct ka_event *earlier = &queue->entries[i].event;
        if (earlier->token == event->token && are_alike(event->type, earlier->type)) {
            erase(queue, i);
            return 1;
        }
    }
    return 0;
}

void ka_event_queue_put(struct ka_event_queue *queue, const struct ka_event *event) {
    int superseded = !ka_is_final(event) && supersede(queue, event);
    if (!superseded || !is_suspicion(event->type)) {
        append(queue, event);
    }
}

size_t ka_event_queue_take(struct ka_event_queue *queue, struct ka_event *events, size_t capacity) {
    size_t taken = 0;
    while (taken < capacity && queue->count > 0) {
        events[taken++] = queue->entries[queue->first].event;
        erase(queue, queue->first);
    }
    return taken;
}

void ka_event_queue_untell(const struct ka_event_queue *queue, int fd, struct ka_observation *observation) {
    uint32_t i = observation == NULL ? NONE : latest_of(queue, fd);
    while (i != NONE && !is_suspicion(queue->entries[i].event.type)) {
        i = queue->entries[i].earlier_of_fd;
    }
    if (i != NONE) {
        observation->suspected = queue->entries[i].event.type == KA_EVENT_RECOVERED;
    }
}

int ka_event_queue_remove(struct ka_event_queue *queue, int fd, struct ka_event *event) {
    int found = 0;
    for (uint32_t i = latest_of(queue, fd); i != NONE; i = latest_of(queue, fd)) {
        if (!found && ka_is_final(&queue->entries[i].event)) {
            found = 1;
            if (event != NULL) {
                *event = queue->entries[i].event;
            }
        }
        erase(queue, i);
    }
    return found;
}

void ka_event_queue_free(struct ka_event_queue *queue) {
    free(queue->entries);
    free(queue->latest_of_fd);
}
