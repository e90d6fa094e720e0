#include "deadline_heap.h"
#include "observation.h"
#include "timeout.h"
#include "wait.h"
#include "watch.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define BATCH 256
#define WAKE_KEY UINT64_MAX

/* How long a flooding peer isn't read: READ_SIZE bytes each 5 ms are 100 KB/s. That is a hundred times what a
 * backup sends. It also reads a stopped source's backlog, at most half a window, within a second. */
#define THROTTLE_NS (5 * KA_NS_PER_MS)

/* The lock guards the fields below it. It is held while descriptors are judged, never while waiting. */
struct ka_monitor {
    int epoll_fd;
    int wake_fd;
    pthread_mutex_t lock;
    struct ka_watch **by_fd;
    int by_fd_size;
    uint32_t generation;
    struct ka_watch *spent; /* freed before the next wait, after the callbacks of their events */
    struct ka_deadline_heap deadlines;
    int64_t wait_end_ns; /* the latest end of the wait that is under way; 0 while there is none */
};

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

static int add_wake_fd(struct ka_monitor *monitor) {
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = WAKE_KEY};
    monitor->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (monitor->wake_fd < 0) {
        return -errno;
    }
    return epoll_ctl(monitor->epoll_fd, EPOLL_CTL_ADD, monitor->wake_fd, &event) < 0 ? -errno : 0;
}

static int open_descriptors(struct ka_monitor *monitor) {
    monitor->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    return monitor->epoll_fd < 0 ? -errno : add_wake_fd(monitor);
}

static void close_descriptors(struct ka_monitor *monitor) {
    if (monitor->wake_fd >= 0) {
        close(monitor->wake_fd);
    }
    if (monitor->epoll_fd >= 0) {
        close(monitor->epoll_fd);
    }
}

int ka_monitor_open(struct ka_monitor **monitor) {
    struct ka_monitor *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return -ENOMEM;
    }
    made->epoll_fd = -1;
    made->wake_fd = -1;
    int result = open_descriptors(made);
    if (result == 0) {
        result = -pthread_mutex_init(&made->lock, NULL);
    }
    if (result < 0) {
        close_descriptors(made);
        free(made);
        return result;
    }
    *monitor = made;
    return 0;
}

static int reserve_fd(struct ka_monitor *monitor, int fd) {
    if (fd < monitor->by_fd_size) {
        return 0;
    }
    int size = monitor->by_fd_size == 0 ? 64 : monitor->by_fd_size;
    while (size <= fd) {
        size *= 2;
    }
    struct ka_watch **by_fd = realloc(monitor->by_fd, (size_t)size * sizeof *by_fd);
    if (by_fd == NULL) {
        return -ENOMEM;
    }
    for (int i = monitor->by_fd_size; i < size; i++) {
        by_fd[i] = NULL;
    }
    monitor->by_fd = by_fd;
    monitor->by_fd_size = size;
    return 0;
}

static int reserve(struct ka_monitor *monitor, int fd) {
    int result = reserve_fd(monitor, fd);
    if (result == 0) {
        result = ka_deadline_heap_reserve(&monitor->deadlines);
    }
    return result == 0 && monitor->by_fd[fd] != NULL ? -EEXIST : result;
}

static int control(struct ka_monitor *monitor, int operation, const struct ka_watch *watch) {
    struct epoll_event event = {.events = events_of(watch), .data.u64 = key_of(watch)};
    return epoll_ctl(monitor->epoll_fd, operation, watch->fd, &event) < 0 ? -errno : 0;
}

static int enter_set(struct ka_monitor *monitor, struct ka_watch *watch) {
    int result = control(monitor, EPOLL_CTL_ADD, watch);
    if (result == -EEXIST) {
        result = control(monitor, EPOLL_CTL_MOD, watch); /* an earlier watch's final event left it disarmed */
    }
    if (result < 0) {
        return result;
    }
    monitor->by_fd[watch->fd] = watch;
    if (watch->deadline_ns != KA_NEVER) {
        ka_deadline_heap_add(&monitor->deadlines, watch);
    }
    return 0;
}

/* A wait under way that ends later has to wait for this watch's deadline instead. */
static void wake_for(struct ka_monitor *monitor, const struct ka_watch *watch) {
    if (watch->deadline_ns < monitor->wait_end_ns) {
        ka_monitor_wake(monitor);
    }
}

static int add(struct ka_monitor *monitor, const struct ka_watch *prototype) {
    struct ka_watch *watch = malloc(sizeof *watch);
    if (watch == NULL) {
        return -ENOMEM;
    }
    *watch = *prototype;
    pthread_mutex_lock(&monitor->lock);
    /* The mask keeps generations up to INT32_MAX, so that no key equals WAKE_KEY. */
    watch->generation = monitor->generation++ & INT32_MAX;
    int result = reserve(monitor, watch->fd);
    if (result == 0) {
        result = enter_set(monitor, watch);
    }
    if (result == 0) {
        wake_for(monitor, watch);
    }
    pthread_mutex_unlock(&monitor->lock);
    if (result < 0) {
        free(watch);
    }
    return result;
}

int ka_monitor_watch(struct ka_monitor *monitor, int fd, uint64_t token, const struct ka_watch_config *config,
                     const struct ka_observation *observation) {
    if (fd < 0) {
        return -EBADF;
    }
    struct ka_watch watch;
    int result = ka_watch_init(&watch, fd, token, config, observation);
    return result < 0 ? result : add(monitor, &watch);
}

int ka_monitor_listen(struct ka_monitor *monitor, int fd, uint64_t token) {
    if (fd < 0) {
        return -EBADF;
    }
    struct ka_watch watch = {.token = token, .deadline_ns = KA_NEVER, .fd = fd, .listener = 1};
    return add(monitor, &watch);
}

static void forget(struct ka_monitor *monitor, struct ka_watch *watch) {
    monitor->by_fd[watch->fd] = NULL;
    if (watch->deadline_ns != KA_NEVER) {
        ka_deadline_heap_remove(&monitor->deadlines, watch);
    }
    watch->next_spent = monitor->spent;
    monitor->spent = watch;
}

static void free_spent(struct ka_monitor *monitor) {
    while (monitor->spent != NULL) {
        struct ka_watch *watch = monitor->spent;
        monitor->spent = watch->next_spent;
        free(watch);
    }
}

static void leave_set(struct ka_monitor *monitor, struct ka_watch *watch) {
    epoll_ctl(monitor->epoll_fd, EPOLL_CTL_DEL, watch->fd, NULL);
    forget(monitor, watch);
}

int ka_monitor_unwatch(struct ka_monitor *monitor, int fd, struct ka_observation *observation) {
    pthread_mutex_lock(&monitor->lock);
    struct ka_watch *watch = fd >= 0 && fd < monitor->by_fd_size ? monitor->by_fd[fd] : NULL;
    if (watch != NULL) {
        ka_observation_save(watch, observation);
        leave_set(monitor, watch);
        free_spent(monitor);
    }
    pthread_mutex_unlock(&monitor->lock);
    return watch == NULL ? -ENOENT : 0;
}

int ka_monitor_wake(struct ka_monitor *monitor) {
    return eventfd_write(monitor->wake_fd, 1) < 0 ? -errno : 0;
}

static struct ka_watch *find(const struct ka_monitor *monitor, uint64_t key) {
    struct ka_watch *watch = monitor->by_fd[(uint32_t)key];
    return watch != NULL && key_of(watch) == key ? watch : NULL;
}

/* A descriptor that can't be judged would be ready again and again. So it leaves the set, as aborted. */
static int settle(struct ka_monitor *monitor, struct ka_watch *watch, int result, struct ka_event *event) {
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
        leave_set(monitor, watch);
    }
    return result == 0 ? 0 : 1;
}

/* Returns as ka_watch_ready. */
static int judge_disarmed(struct ka_monitor *monitor, struct ka_watch *watch, struct ka_event *event) {
    int result = ka_watch_ready(watch, event);
    if (result < 0 || (result > 0 && ka_is_final(event))) {
        return result;
    }
    int armed = control(monitor, EPOLL_CTL_MOD, watch);
    return armed < 0 ? armed : result;
}

/* Stops reading a flooding peer for THROTTLE_NS, in which its window closes: so it costs few reads. Without
 * memory for the deadline, reading goes on. */
static void throttle(struct ka_monitor *monitor, struct ka_watch *watch) {
    if (watch->throttled || ka_deadline_heap_reserve(&monitor->deadlines) < 0) {
        return;
    }
    watch->throttled = 1;
    if (control(monitor, EPOLL_CTL_MOD, watch) < 0) {
        watch->throttled = 0;
        return;
    }
    watch->deadline_ns = ka_now_ns() + THROTTLE_NS;
    ka_deadline_heap_add(&monitor->deadlines, watch);
}

static int end_throttle(struct ka_monitor *monitor, struct ka_watch *watch) {
    ka_deadline_heap_remove(&monitor->deadlines, watch);
    watch->deadline_ns = KA_NEVER;
    watch->throttled = 0;
    return control(monitor, EPOLL_CTL_MOD, watch);
}

static int judge_armed(struct ka_monitor *monitor, struct ka_watch *watch, struct ka_event *event) {
    int result = ka_watch_ready(watch, event);
    if (watch->flooding) {
        throttle(monitor, watch);
    }
    return settle(monitor, watch, result, event);
}

static int judge_ready(struct ka_monitor *monitor, uint64_t key, struct ka_event *event) {
    struct ka_watch *watch = find(monitor, key);
    if (watch == NULL) {
        return 0;
    }
    if (!is_one_shot(watch)) {
        return judge_armed(monitor, watch, event);
    }
    int result = judge_disarmed(monitor, watch, event);
    if (result > 0 && ka_is_final(event)) {
        forget(monitor, watch);
        return 1;
    }
    return settle(monitor, watch, result, event);
}

static int act_when_due(struct ka_monitor *monitor, struct ka_watch *watch, struct ka_event *event) {
    int result = ka_watch_due(watch, event);
    ka_deadline_heap_update(&monitor->deadlines, watch);
    return result;
}

static int judge_due(struct ka_monitor *monitor, int64_t now_ns, struct ka_event *events, int capacity) {
    struct ka_watch *watch = ka_deadline_heap_first(&monitor->deadlines);
    int count = 0;
    while (watch != NULL && watch->deadline_ns <= now_ns && count < capacity) {
        int result =
            watch->throttled ? end_throttle(monitor, watch) : act_when_due(monitor, watch, &events[count]);
        count += settle(monitor, watch, result, &events[count]);
        watch = ka_deadline_heap_first(&monitor->deadlines);
    }
    return count;
}

static void drain_wake_fd(struct ka_monitor *monitor) {
    eventfd_t ignored;
    eventfd_read(monitor->wake_fd, &ignored);
}

/* Returns the latest time at which the wait has to end. */
static int64_t prepare_wait(struct ka_monitor *monitor, int64_t limit_ns) {
    pthread_mutex_lock(&monitor->lock);
    free_spent(monitor);
    const struct ka_watch *first = ka_deadline_heap_first(&monitor->deadlines);
    int64_t deadline_ns = first != NULL && first->deadline_ns < limit_ns ? first->deadline_ns : limit_ns;
    monitor->wait_end_ns = deadline_ns;
    pthread_mutex_unlock(&monitor->lock);
    return deadline_ns;
}

/* Returns the number of events or -errno. Sets *woken if ka_monitor_wake ended the wait. */
static int wait_once(struct ka_monitor *monitor, struct ka_event *events, int capacity, int64_t limit_ns,
                     int *woken) {
    struct epoll_event ready[BATCH];
    int64_t deadline_ns = prepare_wait(monitor, limit_ns);
    int ready_count =
        ka_wait_epoll(monitor->epoll_fd, ready, capacity < BATCH ? capacity : BATCH, deadline_ns);
    if (ready_count < 0) {
        return ready_count == -EINTR ? 0 : ready_count;
    }
    int count = 0;
    pthread_mutex_lock(&monitor->lock);
    monitor->wait_end_ns = 0;
    for (int i = 0; i < ready_count; i++) {
        if (ready[i].data.u64 == WAKE_KEY) {
            drain_wake_fd(monitor);
            *woken = 1;
        } else {
            count += judge_ready(monitor, ready[i].data.u64, &events[count]);
        }
    }
    /* the clock isn't read a second time between a verdict and its callback */
    int64_t verdict_ns = count > 0 ? events[count - 1].verdict_ns : 0;
    count += judge_due(monitor, verdict_ns > 0 ? verdict_ns : ka_now_ns(), events + count, capacity - count);
    pthread_mutex_unlock(&monitor->lock);
    return count;
}

int ka_monitor_wait(struct ka_monitor *monitor, struct ka_event *events, int capacity, int timeout_ms) {
    if (capacity < 1) {
        return -EINVAL;
    }
    int64_t limit_ns = ka_deadline_after_ms(timeout_ms);
    int woken = 0;
    int count;
    do {
        count = wait_once(monitor, events, capacity, limit_ns, &woken);
    } while (count == 0 && !woken && ka_now_ns() < limit_ns);
    return count;
}

int ka_monitor_close(struct ka_monitor *monitor) {
    close_descriptors(monitor);
    for (int i = 0; i < monitor->by_fd_size; i++) {
        free(monitor->by_fd[i]);
    }
    free_spent(monitor);
    free(monitor->by_fd);
    ka_deadline_heap_free(&monitor->deadlines);
    pthread_mutex_destroy(&monitor->lock);
    free(monitor);
    return 0;
}
