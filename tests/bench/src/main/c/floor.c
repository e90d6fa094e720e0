/* The fastest way for user space to notice a dead link: a thread in poll(2) that reads the clock. */
#include "bench.h"

#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

struct kb_floor {
    pthread_t thread;
    pthread_mutex_t lock;
    int capacity;
    int with_evidence;
    int64_t *stamps;        /* the caller's, by slot */
    struct pollfd *entries; /* the thread's; the first is the eventfd */
    int *slots;             /* the thread's, by entry */
    int count;              /* the thread's: entries in use */
    struct pollfd *added;   /* guarded by lock; not yet taken over by the thread */
    int *added_slots;       /* guarded by lock */
    int added_count;        /* guarded by lock */
    int closing;            /* guarded by lock */
};

static int take_over(struct kb_floor *floor) {
    eventfd_t ignored;
    eventfd_read(floor->entries[0].fd, &ignored);
    pthread_mutex_lock(&floor->lock);
    for (int i = 0; i < floor->added_count; i++) {
        floor->entries[floor->count] = floor->added[i];
        floor->slots[floor->count++] = floor->added_slots[i];
    }
    floor->added_count = 0;
    int closing = floor->closing;
    pthread_mutex_unlock(&floor->lock);
    return closing;
}

/* The calls that a monitor needs to tell a failure from data, and to find its cause. */
static void take_evidence(int fd) {
    uint8_t bytes[512];
    struct tcp_info info;
    socklen_t length = sizeof info;
    recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
    getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length);
}

/* Without evidence all links of one poll get the same time. They are closed after all have their stamps. */
static void stamp(struct kb_floor *floor, int64_t now_ns) {
    for (int i = 1; i < floor->count; i++) {
        if (floor->entries[i].revents == 0) {
            continue;
        }
        if (floor->with_evidence) {
            take_evidence(floor->entries[i].fd);
            now_ns = kb_now_ns(CLOCK_MONOTONIC);
        }
        __atomic_store_n(&floor->stamps[floor->slots[i]], now_ns, __ATOMIC_RELEASE);
    }
}

static void drop_dead(struct kb_floor *floor) {
    int kept = 1;
    for (int i = 1; i < floor->count; i++) {
        if (floor->entries[i].revents != 0) {
            close(floor->entries[i].fd);
        } else {
            floor->entries[kept] = floor->entries[i];
            floor->slots[kept++] = floor->slots[i];
        }
    }
    floor->count = kept;
}

static void *run(void *argument) {
    struct kb_floor *floor = argument;
    int closing = 0;
    while (!closing) {
        if (poll(floor->entries, (nfds_t)floor->count, -1) < 0) {
            continue;
        }
        int64_t now_ns = kb_now_ns(CLOCK_MONOTONIC);
        stamp(floor, now_ns);
        drop_dead(floor);
        if (floor->entries[0].revents != 0) {
            closing = take_over(floor);
        }
    }
    return NULL;
}

static void free_floor(struct kb_floor *floor) {
    for (int i = 0; i < floor->count; i++) {
        close(floor->entries[i].fd);
    }
    free(floor->entries);
    free(floor->slots);
    free(floor->added);
    free(floor->added_slots);
    free(floor);
}

static int allocate(struct kb_floor *floor) {
    size_t size = (size_t)floor->capacity + 1;
    floor->entries = calloc(size, sizeof *floor->entries);
    floor->slots = calloc(size, sizeof *floor->slots);
    floor->added = calloc(size, sizeof *floor->added);
    floor->added_slots = calloc(size, sizeof *floor->added_slots);
    return floor->entries && floor->slots && floor->added && floor->added_slots ? 0 : -ENOMEM;
}

static int start(struct kb_floor *floor) {
    int result = allocate(floor);
    if (result < 0) {
        return result;
    }
    int wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (wake_fd < 0) {
        return -errno;
    }
    floor->entries[0] = (struct pollfd){.fd = wake_fd, .events = POLLIN};
    floor->count = 1;
    pthread_mutex_init(&floor->lock, NULL);
    result = -pthread_create(&floor->thread, NULL, run, floor);
    if (result == 0) {
        pthread_setname_np(floor->thread, "bench-floor");
    }
    return result;
}

int kb_floor_open(struct kb_floor **made, int64_t *stamps, int capacity, int with_evidence) {
    struct kb_floor *floor = calloc(1, sizeof *floor);
    if (floor == NULL) {
        return -ENOMEM;
    }
    floor->stamps = stamps;
    floor->capacity = capacity;
    floor->with_evidence = with_evidence;
    int result = start(floor);
    if (result < 0) {
        free_floor(floor);
        return result;
    }
    *made = floor;
    return 0;
}

static int wake(struct kb_floor *floor) {
    return eventfd_write(floor->entries[0].fd, 1) < 0 ? -errno : 0;
}

int kb_floor_watch(struct kb_floor *floor, int fd, int slot) {
    pthread_mutex_lock(&floor->lock);
    floor->added[floor->added_count] = (struct pollfd){.fd = fd, .events = POLLIN | POLLRDHUP};
    floor->added_slots[floor->added_count++] = slot;
    pthread_mutex_unlock(&floor->lock);
    return wake(floor);
}

int kb_floor_close(struct kb_floor *floor) {
    pthread_mutex_lock(&floor->lock);
    floor->closing = 1;
    pthread_mutex_unlock(&floor->lock);
    wake(floor);
    pthread_join(floor->thread, NULL);
    pthread_mutex_destroy(&floor->lock);
    free_floor(floor);
    return 0;
}
