#include "set.h"

#include "carriers.h"
#include "mutex.h"
#include "observation.h"
#include "timeout.h"
#include "wait.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define WAKE_KEY UINT64_MAX

/* How long a flooding peer isn't read: READ_SIZE bytes each 5 ms are 100 KB/s. That is a hundred times what a
 * backup sends. It also reads a stopped source's backlog, at most half a window, within a second. */
#define THROTTLE_NS (5 * KA_NS_PER_MS)

/* The generation tells apart two links that have the same descriptor number one after the other. */
static uint64_t key_of(const struct ka_watch *watch) {
    return (uint64_t)watch->generation << 32 | (uint32_t)watch->fd;
}

/* An event disarms a backup's link. Its usual event is the one that ends it. Then no system call is needed to
 * leave the set, and the callback runs sooner. */
static int is_one_shot(const struct ka_watch *watch) {
    return !watch->listener && watch->role == KA_ROLE_BACKUP;
}

static uint32_t events_of(const struct ka_watch *watch) {
    return watch->listener      ? EPOLLIN | EPOLLET
           : watch->throttled   ? EPOLLRDHUP
           : is_one_shot(watch) ? EPOLLIN | EPOLLRDHUP | EPOLLONESHOT
                                : EPOLLIN | EPOLLRDHUP;
}

static int add_wake_fd(struct ka_set *set) {
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = WAKE_KEY};
    set->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (set->wake_fd < 0) {
        return -errno;
    }
    return epoll_ctl(set->epoll_fd, EPOLL_CTL_ADD, set->wake_fd, &event) < 0 ? -errno : 0;
}

static int open_descriptors(struct ka_set *set) {
    set->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    return set->epoll_fd < 0 ? -errno : add_wake_fd(set);
}

static void close_descriptors(struct ka_set *set) {
    if (set->carrier_fd >= 0) {
        close(set->carrier_fd);
    }
    if (set->wake_fd >= 0) {
        close(set->wake_fd);
    }
    if (set->epoll_fd >= 0) {
        close(set->epoll_fd);
    }
}

int ka_set_open(struct ka_set *set) {
    *set = (struct ka_set){.epoll_fd = -1, .wake_fd = -1, .carrier_fd = -1};
    int result = open_descriptors(set);
    if (result == 0) {
        result = -pthread_mutex_init(&set->lock, NULL);
    }
    if (result < 0) {
        close_descriptors(set);
    }
    return result;
}

int ka_set_inherit_priority(struct ka_set *set) {
    pthread_mutex_t inheriting;
    int result = ka_mutex_init_inheriting(&inheriting);
    if (result == 0) {
        pthread_mutex_destroy(&inheriting);
        pthread_mutex_destroy(&set->lock);
        result = ka_mutex_init_inheriting(&set->lock);
    }
    return result;
}

static int reserve_fd(struct ka_set *set, int fd) {
    if (fd < set->by_fd_size) {
        return 0;
    }
    int size = set->by_fd_size == 0 ? 64 : set->by_fd_size;
    while (size <= fd) {
        size *= 2;
    }
    struct ka_watch **by_fd = realloc(set->by_fd, (size_t)size * sizeof *by_fd);
    if (by_fd == NULL) {
        return -ENOMEM;
    }
    for (int i = set->by_fd_size; i < size; i++) {
        by_fd[i] = NULL;
    }
    set->by_fd = by_fd;
    set->by_fd_size = size;
    return 0;
}

static int reserve(struct ka_set *set, int fd) {
    int result = reserve_fd(set, fd);
    if (result == 0) {
        result = ka_deadline_heap_reserve(&set->deadlines);
    }
    return result == 0 && set->by_fd[fd] != NULL ? -EEXIST : result;
}

static int control(struct ka_set *set, int operation, const struct ka_watch *watch) {
    struct epoll_event event = {.events = events_of(watch), .data.u64 = key_of(watch)};
    return epoll_ctl(set->epoll_fd, operation, watch->fd, &event) < 0 ? -errno : 0;
}

static int enter_set(struct ka_set *set, struct ka_watch *watch) {
    int result = control(set, EPOLL_CTL_ADD, watch);
    if (result == -EEXIST) {
        result = control(set, EPOLL_CTL_MOD, watch); /* an earlier watch's final event left it disarmed */
    }
    if (result < 0) {
        return result;
    }
    set->by_fd[watch->fd] = watch;
    if (watch->deadline_ns != KA_NEVER) {
        ka_deadline_heap_add(&set->deadlines, watch);
    }
    return 0;
}

/* A wait under way that ends later has to wait for this watch's deadline instead. */
static void wake_for(struct ka_set *set, const struct ka_watch *watch) {
    if (watch->deadline_ns < set->wait_end_ns) {
        ka_set_wake(set);
    }
}

int ka_set_add(struct ka_set *set, const struct ka_watch *prototype) {
    struct ka_watch *watch = malloc(sizeof *watch);
    if (watch == NULL) {
        return -ENOMEM;
    }
    *watch = *prototype;
    /* The mask keeps generations up to INT32_MAX, so that no key equals WAKE_KEY or
     * KA_CARRIERS_KEY. */
    watch->generation = set->generation++ & INT32_MAX;
    int result = reserve(set, watch->fd);
    if (result == 0 && watch->interface > 0) {
        result = ka_carriers_hear(set, watch->fd, watch->interface);
    }
    if (result == 0) {
        result = enter_set(set, watch);
    }
    if (result == 0) {
        wake_for(set, watch);
    } else {
        free(watch);
    }
    return result;
}

static void forget(struct ka_set *set, struct ka_watch *watch) {
    set->by_fd[watch->fd] = NULL;
    if (watch->deadline_ns != KA_NEVER) {
        ka_deadline_heap_remove(&set->deadlines, watch);
    }
    watch->next_spent = set->spent;
    set->spent = watch;
}

static void free_spent(struct ka_set *set) {
    while (set->spent != NULL) {
        struct ka_watch *watch = set->spent;
        set->spent = watch->next_spent;
        free(watch);
    }
}

static void leave_set(struct ka_set *set, struct ka_watch *watch) {
    epoll_ctl(set->epoll_fd, EPOLL_CTL_DEL, watch->fd, NULL);
    forget(set, watch);
}

static struct ka_watch *of_descriptor(const struct ka_set *set, int fd) {
    return fd >= 0 && fd < set->by_fd_size ? set->by_fd[fd] : NULL;
}

int ka_set_remove(struct ka_set *set, int fd, struct ka_observation *observation) {
    struct ka_watch *watch = of_descriptor(set, fd);
    if (watch == NULL) {
        return -ENOENT;
    }
    ka_observation_save(watch, observation);
    leave_set(set, watch);
    free_spent(set);
    return 0;
}

int ka_set_contains(const struct ka_set *set, int fd) {
    return of_descriptor(set, fd) != NULL;
}

int ka_set_wake(struct ka_set *set) {
    return eventfd_write(set->wake_fd, 1) < 0 ? -errno : 0;
}

static struct ka_watch *find(const struct ka_set *set, uint64_t key) {
    struct ka_watch *watch = set->by_fd[(uint32_t)key];
    return watch != NULL && key_of(watch) == key ? watch : NULL;
}

/* A descriptor that can't be judged would be ready again and again. So it leaves the set, as aborted. */
static int settle(struct ka_set *set, struct ka_watch *watch, int result, struct ka_event *event) {
    if (result < 0) {
        int64_t now_ns = ka_now_ns();
        *event = (struct ka_event){.token = watch->token,
                                   .verdict_ns = now_ns,
                                   .last_heard_ns = now_ns,
                                   .fd = watch->fd,
                                   .type = KA_EVENT_FAILED,
                                   .cause = KA_CAUSE_ABORTED,
                                   .error = -result};
    }
    if (result != 0 && ka_is_final(event)) {
        leave_set(set, watch);
    }
    return result == 0 ? 0 : 1;
}

/* Returns as ka_watch_ready. */
static int judge_disarmed(struct ka_set *set, struct ka_watch *watch, uint32_t signs,
                          struct ka_event *event) {
    int result = ka_watch_signalled(watch, signs, event);
    if (result < 0 || (result > 0 && ka_is_final(event))) {
        return result;
    }
    int armed = control(set, EPOLL_CTL_MOD, watch);
    return armed < 0 ? armed : result;
}

/* Stops reading a flooding peer for THROTTLE_NS, in which its window closes: so it costs few reads. Without
 * memory for the deadline, reading goes on. */
static void throttle(struct ka_set *set, struct ka_watch *watch) {
    if (watch->throttled || ka_deadline_heap_reserve(&set->deadlines) < 0) {
        return;
    }
    watch->throttled = 1;
    if (control(set, EPOLL_CTL_MOD, watch) < 0) {
        watch->throttled = 0;
        return;
    }
    watch->deadline_ns = ka_now_ns() + THROTTLE_NS;
    ka_deadline_heap_add(&set->deadlines, watch);
}

static int end_throttle(struct ka_set *set, struct ka_watch *watch) {
    ka_deadline_heap_remove(&set->deadlines, watch);
    watch->deadline_ns = KA_NEVER;
    watch->throttled = 0;
    return control(set, EPOLL_CTL_MOD, watch);
}

static int judge_armed(struct ka_set *set, struct ka_watch *watch, struct ka_event *event) {
    int result = ka_watch_ready(watch, event);
    if (watch->flooding) {
        throttle(set, watch);
    }
    return settle(set, watch, result, event);
}

static int judge_ready(struct ka_set *set, const struct epoll_event *ready, struct ka_event *event) {
    struct ka_watch *watch = find(set, ready->data.u64);
    if (watch == NULL) {
        return 0;
    }
    if (!is_one_shot(watch)) {
        return judge_armed(set, watch, event);
    }
    int result = judge_disarmed(set, watch, ready->events, event);
    if (result > 0 && ka_is_final(event)) {
        forget(set, watch);
        return 1;
    }
    return settle(set, watch, result, event);
}

static int act_when_due(struct ka_set *set, struct ka_watch *watch, struct ka_event *event) {
    int result = ka_watch_due(watch, event);
    ka_deadline_heap_update(&set->deadlines, watch);
    return result;
}

static int judge_due(struct ka_set *set, int64_t now_ns, struct ka_event *events, int capacity) {
    struct ka_watch *watch = ka_deadline_heap_first(&set->deadlines);
    int count = 0;
    while (watch != NULL && watch->deadline_ns <= now_ns && count < capacity) {
        int result = watch->throttled ? end_throttle(set, watch) : act_when_due(set, watch, &events[count]);
        count += settle(set, watch, result, &events[count]);
        watch = ka_deadline_heap_first(&set->deadlines);
    }
    return count;
}

static void drain_wake_fd(struct ka_set *set) {
    eventfd_t ignored;
    eventfd_read(set->wake_fd, &ignored);
}

/* Returns the latest time at which the wait has to end. */
static int64_t prepare_wait(struct ka_set *set, int64_t limit_ns) {
    pthread_mutex_lock(&set->lock);
    free_spent(set);
    const struct ka_watch *first = ka_deadline_heap_first(&set->deadlines);
    int64_t deadline_ns = first != NULL && first->deadline_ns < limit_ns ? first->deadline_ns : limit_ns;
    set->wait_end_ns = deadline_ns;
    pthread_mutex_unlock(&set->lock);
    return deadline_ns;
}

int ka_set_wait(struct ka_set *set, struct epoll_event *ready, int capacity, int64_t limit_ns) {
    return ka_wait_epoll(set->epoll_fd, ready, capacity, prepare_wait(set, limit_ns));
}

int ka_set_judge(struct ka_set *set, const struct epoll_event *ready, int ready_count,
                 struct ka_event *events, int capacity, int *woken) {
    int count = 0;
    set->wait_end_ns = 0;
    for (int i = 0; i < ready_count; i++) {
        if (ready[i].data.u64 == WAKE_KEY) {
            drain_wake_fd(set);
            *woken = 1;
        } else if (ready[i].data.u64 == KA_CARRIERS_KEY) {
            ka_carriers_judge(set);
        } else {
            count += judge_ready(set, &ready[i], &events[count]);
        }
    }
    /* the clock isn't read a second time between a verdict and its callback */
    int64_t verdict_ns = count > 0 ? events[count - 1].verdict_ns : 0;
    count += judge_due(set, verdict_ns > 0 ? verdict_ns : ka_now_ns(), events + count, capacity - count);
    return count;
}

void ka_set_close(struct ka_set *set) {
    close_descriptors(set);
    for (int i = 0; i < set->by_fd_size; i++) {
        free(set->by_fd[i]);
    }
    free_spent(set);
    free(set->by_fd);
    ka_deadline_heap_free(&set->deadlines);
    pthread_mutex_destroy(&set->lock);
}
