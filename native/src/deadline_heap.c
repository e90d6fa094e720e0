#include "deadline_heap.h"

#include <errno.h>
#include <stdlib.h>

int ka_deadline_heap_reserve(struct ka_deadline_heap *deadlines) {
    if (deadlines->size < deadlines->capacity) {
        return 0;
    }
    size_t capacity = deadlines->capacity == 0 ? 16 : deadlines->capacity * 2;
    struct ka_watch **heap = realloc(deadlines->heap, capacity * sizeof(struct ka_watch *));
    if (heap == NULL) {
        return -ENOMEM;
    }
    deadlines->heap = heap;
    deadlines->capacity = capacity;
    return 0;
}

static void place(struct ka_deadline_heap *deadlines, size_t index, struct ka_watch *watch) {
    deadlines->heap[index] = watch;
    watch->heap_index = index;
}

static void sift_up(struct ka_deadline_heap *deadlines, struct ka_watch *watch) {
    size_t index = watch->heap_index;
    while (index > 0) {
        struct ka_watch *parent = deadlines->heap[(index - 1) / 2];
        if (parent->deadline_ns <= watch->deadline_ns) {
            break;
        }
        place(deadlines, index, parent);
        index = (index - 1) / 2;
    }
    place(deadlines, index, watch);
}

static void sift_down(struct ka_deadline_heap *deadlines, struct ka_watch *watch) {
    size_t index = watch->heap_index;
    for (;;) {
        size_t child = 2 * index + 1;
        if (child >= deadlines->size) {
            break;
        }
        if (child + 1 < deadlines->size &&
            deadlines->heap[child + 1]->deadline_ns < deadlines->heap[child]->deadline_ns) {
            child++;
        }
        if (deadlines->heap[child]->deadline_ns >= watch->deadline_ns) {
            break;
        }
        place(deadlines, index, deadlines->heap[child]);
        index = child;
    }
    place(deadlines, index, watch);
}

void ka_deadline_heap_add(struct ka_deadline_heap *deadlines, struct ka_watch *watch) {
    place(deadlines, deadlines->size++, watch);
    sift_up(deadlines, watch);
}

void ka_deadline_heap_update(struct ka_deadline_heap *deadlines, struct ka_watch *watch) {
    sift_up(deadlines, watch);
    sift_down(deadlines, watch);
}

void ka_deadline_heap_remove(struct ka_deadline_heap *deadlines, struct ka_watch *watch) {
    struct ka_watch *last = deadlines->heap[--deadlines->size];
    if (last != watch) {
        place(deadlines, watch->heap_index, last);
        ka_deadline_heap_update(deadlines, last);
    }
}

struct ka_watch *ka_deadline_heap_first(const struct ka_deadline_heap *deadlines) {
    return deadlines->size == 0 ? NULL : deadlines->heap[0];
}

void ka_deadline_heap_free(struct ka_deadline_heap *deadlines) {
    free(deadlines->heap);
}
