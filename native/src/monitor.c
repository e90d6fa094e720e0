#include "detector.h"
#include "realtime.h"
#include "set.h"
#include "timeout.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

#define BATCH 256

/* Links without probes are judged by the thread that waits for events: their kernel decides when, and nothing
 * is lost by a pause. Links with probes or with an interface, whose carrier may go, are judged by the
 * detector, which is made for the first of them. */
struct ka_monitor {
    struct ka_set set;
    _Atomic(struct ka_detector *) detector; /* or NULL; changes once, under the set's lock */
    int priority;                           /* 0 if not real-time; set before the monitor is used */
};

int ka_monitor_open(struct ka_monitor **monitor) {
    struct ka_monitor *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return -ENOMEM;
    }
    int result = ka_set_open(&made->set);
    if (result < 0) {
        free(made);
        return result;
    }
    *monitor = made;
    return 0;
}

int ka_monitor_realtime(struct ka_monitor *monitor, int priority, int32_t *failed) {
    *failed = KA_REALTIME_PRIORITY;
    if (priority < 1 || priority > KA_REALTIME_MAX || monitor->priority > 0) {
        return -EINVAL;
    }
    int result = ka_realtime_hold(priority, failed);
    if (result == 0) {
        result = ka_set_inherit_priority(&monitor->set);
        if (result < 0) {
            ka_realtime_release();
        }
    }
    monitor->priority = result == 0 ? priority : 0;
    return result;
}

static void lock(struct ka_monitor *monitor) {
    pthread_mutex_lock(&monitor->set.lock);
}

static void unlock(struct ka_monitor *monitor) {
    pthread_mutex_unlock(&monitor->set.lock);
}

static int add(struct ka_monitor *monitor, const struct ka_watch *watch) {
    struct ka_detector *detector = atomic_load(&monitor->detector);
    if (detector != NULL && ka_detector_contains(detector, watch->fd)) {
        return -EEXIST;
    }
    lock(monitor);
    int result = ka_set_add(&monitor->set, watch);
    unlock(monitor);
    return result;
}

/* The caller holds the lock. */
static int ensure_detector(struct ka_monitor *monitor, struct ka_detector **detector) {
    *detector = atomic_load(&monitor->detector);
    if (*detector != NULL) {
        return 0;
    }
    int result = ka_detector_open(detector, monitor->set.wake_fd, monitor->priority);
    if (result == 0) {
        atomic_store(&monitor->detector, *detector);
    }
    return result;
}

static int add_to_detector(struct ka_monitor *monitor, const struct ka_watch *watch) {
    struct ka_detector *detector = NULL;
    lock(monitor);
    int result = ka_set_contains(&monitor->set, watch->fd) ? -EEXIST : ensure_detector(monitor, &detector);
    unlock(monitor);
    return result < 0 ? result : ka_detector_watch(detector, watch);
}

int ka_monitor_watch(struct ka_monitor *monitor, int fd, uint64_t token, const struct ka_watch_config *config,
                     const struct ka_observation *observation) {
    if (fd < 0) {
        return -EBADF;
    }
    struct ka_watch watch;
    int result = ka_watch_init(&watch, fd, token, config, observation);
    if (result < 0) {
        return result;
    }
    int plain = watch.liveness == KA_LIVENESS_KEEPALIVE && watch.interface == 0;
    return plain ? add(monitor, &watch) : add_to_detector(monitor, &watch);
}

int ka_monitor_listen(struct ka_monitor *monitor, int fd, uint64_t token) {
    if (fd < 0) {
        return -EBADF;
    }
    struct ka_watch watch = {.token = token, .deadline_ns = KA_NEVER, .fd = fd, .listener = 1};
    return add(monitor, &watch);
}

int ka_monitor_unwatch(struct ka_monitor *monitor, int fd, struct ka_observation *observation,
                       struct ka_event *event) {
    struct ka_detector *detector = atomic_load(&monitor->detector);
    lock(monitor);
    int result = ka_set_remove(&monitor->set, fd, observation);
    unlock(monitor);
    if (result == -ENOENT && detector != NULL) {
        result = ka_detector_unwatch(detector, fd, observation, event);
    }
    return result;
}

int ka_monitor_wake(struct ka_monitor *monitor) {
    return ka_set_wake(&monitor->set);
}

static int take_detected(struct ka_monitor *monitor, struct ka_event *events, int capacity) {
    struct ka_detector *detector = atomic_load(&monitor->detector);
    return detector == NULL || capacity == 0 ? 0 : ka_detector_take(detector, events, capacity);
}

/* Tells of what the last wait had no room for. */
static int has_detected(struct ka_monitor *monitor) {
    struct ka_detector *detector = atomic_load(&monitor->detector);
    return detector != NULL && ka_detector_has_events(detector);
}

/* The links of neither kind leave those of the other without room. */
static int share_of_set(int capacity, int woken) {
    int most = capacity < BATCH ? capacity : BATCH;
    return woken && most > 1 ? most / 2 : most;
}

/* Returns the number of events or -errno. Sets *woken if ka_monitor_wake or the detector ended the wait. */
static int wait_once(struct ka_monitor *monitor, struct ka_event *events, int capacity, int64_t limit_ns,
                     int *woken) {
    struct epoll_event ready[BATCH];
    int most = share_of_set(capacity, *woken);
    int ready_count = ka_set_wait(&monitor->set, ready, most, limit_ns);
    if (ready_count < 0) {
        return ready_count == -EINTR ? 0 : ready_count;
    }
    lock(monitor);
    int count = ka_set_judge(&monitor->set, ready, ready_count, events, most, woken);
    unlock(monitor);
    if (!*woken) {
        return count;
    }
    int detected = take_detected(monitor, events + count, capacity - count);
    return detected < 0 && count == 0 ? detected : count + (detected < 0 ? 0 : detected);
}

int ka_monitor_wait(struct ka_monitor *monitor, struct ka_event *events, int capacity, int timeout_ms) {
    if (capacity < 1) {
        return -EINVAL;
    }
    int woken = has_detected(monitor);
    int64_t limit_ns = woken ? 0 : ka_deadline_after_ms(timeout_ms);
    int count;
    do {
        count = wait_once(monitor, events, capacity, limit_ns, &woken);
    } while (count == 0 && !woken && ka_now_ns() < limit_ns);
    return count;
}

int ka_monitor_close(struct ka_monitor *monitor) {
    struct ka_detector *detector = atomic_load(&monitor->detector);
    if (detector != NULL) {
        ka_detector_close(detector);
    }
    ka_set_close(&monitor->set);
    if (monitor->priority > 0) {
        ka_realtime_release();
    }
    free(monitor);
    return 0;
}
