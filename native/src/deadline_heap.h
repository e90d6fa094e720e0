#ifndef KA_DEADLINE_HEAP_H
#define KA_DEADLINE_HEAP_H

#include "watch.h"

/* A binary heap of the watches that have a deadline, earliest first. So one timer serves all links. */
struct ka_deadline_heap {
    struct ka_watch **heap;
    size_t size;
    size_t capacity;
};

/* Makes room for one more watch, so that the next ka_deadline_heap_add can't fail. Returns 0 or -ENOMEM. */
int ka_deadline_heap_reserve(struct ka_deadline_heap *deadlines);

void ka_deadline_heap_add(struct ka_deadline_heap *deadlines, struct ka_watch *watch);

void ka_deadline_heap_remove(struct ka_deadline_heap *deadlines, struct ka_watch *watch);

/* Restores the order after the watch's deadline has changed. */
void ka_deadline_heap_update(struct ka_deadline_heap *deadlines, struct ka_watch *watch);

/* Returns the watch with the earliest deadline, or NULL. */
struct ka_watch *ka_deadline_heap_first(const struct ka_deadline_heap *deadlines);

void ka_deadline_heap_free(struct ka_deadline_heap *deadlines);

#endif
