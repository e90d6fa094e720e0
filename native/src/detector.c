#include "detector.h"

#include "carrier.h"
#include "clock.h"
#include "event_queue.h"
#include "keepalive4j.h"
#include "realtime.h"
#include "set.h"
#include "thread.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <time.h>

#define BATCH 64

/* After a wait that failed. Else an error that stays would make the thread spin. */
static const struct timespec PAUSE_AFTER_ERROR = {.tv_nsec = 100 * KA_NS_PER_MS};

struct ka_detector {
    struct ka_set set;
    int notify_fd;
    int priority; /* 0 for a normal thread */
    pthread_t thread;
    atomic_int ending;
    atomic_int error;            /* of the last wait, or 0 */
    atomic_int has_events;       /* read without the lock */
    struct ka_event_queue queue; /* guarded by the set's lock, as are the next two */
    size_t links;
    struct ka_event judged[BATCH];
};

static void lock(struct ka_detector *detector) {
    pthread_mutex_lock(&detector->set.lock);
}

static void unlock(struct ka_detector *detector) {
    pthread_mutex_unlock(&detector->set.lock);
}

static void note_count(struct ka_detector *detector) {
    atomic_store(&detector->has_events, detector->queue.count > 0);
}

static void judge(struct ka_detector *detector, const struct epoll_event *ready, int ready_count) {
    int woken = 0;
    lock(detector);
    int count = ka_set_judge(&detector->set, ready, ready_count, detector->judged, BATCH, &woken);
    for (int i = 0; i < count; i++) {
        ka_event_queue_put(&detector->queue, &detector->judged[i]);
        detector->links -= (size_t)ka_is_final(&detector->judged[i]);
    }
    note_count(detector);
    unlock(detector);
    if (count > 0) {
        eventfd_write(detector->notify_fd, 1);
    }
}

static void pause_after(struct ka_detector *detector, int error) {
    atomic_store(&detector->error, error);
    eventfd_write(detector->notify_fd, 1);
    nanosleep(&PAUSE_AFTER_ERROR, NULL);
}

static void detect(struct ka_detector *detector) {
    struct epoll_event ready[BATCH];
    prctl(PR_SET_NAME, "ka-detector");
    while (!atomic_load(&detector->ending)) {
        int ready_count = ka_set_wait(&detector->set, ready, BATCH, KA_NEVER);
        if (ready_count >= 0) {
            judge(detector, ready, ready_count);
        } else if (ready_count != -EINTR) {
            pause_after(detector, ready_count);
        }
    }
}

/* What real time takes was tried when the monitor became real-time. A limit lowered since then costs no link
 * its detector. The caller is woken to hear of it. */
static int begin_realtime(const struct ka_detector *detector) {
    if (ka_realtime_begin(detector->priority, 1) == 0) {
        return 1;
    }
    ka_realtime_count_refusal();
    eventfd_write(detector->notify_fd, 1);
    return 0;
}

static void *run(void *argument) {
    struct ka_detector *detector = argument;
    int realtime = detector->priority > 0 && begin_realtime(detector);
    detect(detector);
    if (realtime) {
        ka_realtime_leave();
    }
    return NULL;
}

int ka_detector_open(struct ka_detector **detector, int notify_fd, int priority) {
    struct ka_detector *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return -ENOMEM;
    }
    made->notify_fd = notify_fd;
    made->priority = priority;
    int result = ka_set_open(&made->set);
    if (result == 0) {
        result = priority > 0 ? ka_set_inherit_priority(&made->set) : 0;
        if (result == 0) {
            result = ka_thread_start(&made->thread, run, made);
        }
        if (result < 0) {
            ka_set_close(&made->set);
        }
    }
    if (result < 0) {
        free(made);
        return result;
    }
    *detector = made;
    return 0;
}

void ka_detector_close(struct ka_detector *detector) {
    atomic_store(&detector->ending, 1);
    ka_set_wake(&detector->set);
    ka_thread_join(detector->thread);
    ka_set_close(&detector->set);
    ka_event_queue_free(&detector->queue);
    free(detector);
}

static int add(struct ka_detector *detector, const struct ka_watch *watch) {
    lock(detector);
    int result = ka_event_queue_reserve(&detector->queue, detector->links + 1, watch->fd);
    if (result == 0) {
        result = ka_set_add(&detector->set, watch);
    }
    detector->links += result == 0;
    unlock(detector);
    return result;
}

/* The kernel is asked how the interface is once the link is in the set, and without the lock: it makes the
 * caller wait while others configure interfaces. The socket stays open until the detector is closed. */
int ka_detector_watch(struct ka_detector *detector, const struct ka_watch *watch) {
    int result = add(detector, watch);
    if (result == 0 && watch->interface > 0) {
        result = ka_carrier_ask(detector->set.carrier_fd, watch->interface);
        if (result < 0) {
            ka_detector_unwatch(detector, watch->fd, NULL, NULL);
        }
    }
    return result;
}

int ka_detector_unwatch(struct ka_detector *detector, int fd, struct ka_observation *observation,
                        struct ka_event *event) {
    lock(detector);
    int result = ka_set_remove(&detector->set, fd, observation);
    detector->links -= result == 0;
    ka_event_queue_untell(&detector->queue, fd, observation);
    if (ka_event_queue_remove(&detector->queue, fd, event) && result < 0) {
        result = 1;
    }
    note_count(detector);
    unlock(detector);
    return result;
}

int ka_detector_contains(struct ka_detector *detector, int fd) {
    lock(detector);
    int result = ka_set_contains(&detector->set, fd);
    unlock(detector);
    return result;
}

int ka_detector_has_events(const struct ka_detector *detector) {
    return atomic_load(&detector->has_events);
}

int ka_detector_take(struct ka_detector *detector, struct ka_event *events, int capacity) {
    if (!ka_detector_has_events(detector)) {
        return atomic_exchange(&detector->error, 0);
    }
    lock(detector);
    size_t count = ka_event_queue_take(&detector->queue, events, (size_t)capacity);
    note_count(detector);
    unlock(detector);
    return (int)count;
}
