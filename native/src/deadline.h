#ifndef KA_DEADLINE_H
#define KA_DEADLINE_H

#include "watch.h"

/* The watches that have a deadline, as a binary heap by deadline: one timer serves all links. */
struct ka_deadlines {
    struct ka_watch **heap;
    size_t size;
    size_t capacity;
};

/* Makes room for one watch more, so that ka_deadlines_add can't fail. Returns 0 or -ENOMEM. */
int ka_deadlines_reserve(struct ka_deadlines *deadlines);

void ka_deadlines_add(struct ka_deadlines *deadlines, struct ka_watch *watch);

void ka_deadlines_remove(struct ka_deadlines *deadlines, struct ka_watch *watch);

/* Restores the order after the watch's deadline has changed. */
void ka_deadlines_update(struct ka_deadlines *deadlines, struct ka_watch *watch);

/* Returns the watch whose deadline is the earliest, or NULL. */
struct ka_watch *ka_deadlines_first(const struct ka_deadlines *deadlines);

void ka_deadlines_free(struct ka_deadlines *deadlines);

#endif
