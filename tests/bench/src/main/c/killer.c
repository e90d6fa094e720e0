#include "bench.h"
#include "cores.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdlib.h>
#include <unistd.h>

/* The killer sleeps after each close, so that it doesn't compete with the threads that were woken. */
#define SETTLE_NS 200000

struct kb_killer {
    pthread_t thread;
    sem_t ordered;
    sem_t done;
    int fd; /* the connection to close, or -1 to end the thread */
    int reset;
    int64_t pause_ns;
    int64_t result;
};

static void sleep_ns(int64_t duration_ns) {
    struct timespec left = {.tv_sec = duration_ns / KB_NS_PER_S, .tv_nsec = duration_ns % KB_NS_PER_S};
    while (clock_nanosleep(CLOCK_MONOTONIC, 0, &left, &left) == EINTR) {
    }
}

static void await(sem_t *semaphore) {
    while (sem_wait(semaphore) < 0) {
    }
}

static int64_t kill_peer(int fd, int reset, int64_t pause_ns) {
    int prepared = kb_end_with(fd, reset);
    if (prepared < 0) {
        return prepared;
    }
    sleep_ns(pause_ns);
    int64_t before_ns = kb_now_ns(CLOCK_MONOTONIC);
    int64_t result = close(fd) < 0 ? -errno : before_ns;
    sleep_ns(SETTLE_NS);
    return result;
}

static void *run(void *argument) {
    struct kb_killer *killer = argument;
    for (await(&killer->ordered); killer->fd >= 0; await(&killer->ordered)) {
        killer->result = kill_peer(killer->fd, killer->reset, killer->pause_ns);
        sem_post(&killer->done);
    }
    return NULL;
}

static int divide_cores(pthread_t killer) {
    cpu_set_t its;
    cpu_set_t ours;
    int result = kb_divide_cores(0, &its, &ours);
    if (result == 0) {
        result = -pthread_setaffinity_np(killer, sizeof its, &its);
    }
    if (result == 0 && sched_setaffinity(0, sizeof ours, &ours) < 0) {
        result = -errno;
    }
    return result;
}

int kb_killer_open(struct kb_killer **made) {
    struct kb_killer *killer = calloc(1, sizeof *killer);
    if (killer == NULL) {
        return -ENOMEM;
    }
    sem_init(&killer->ordered, 0, 0);
    sem_init(&killer->done, 0, 0);
    int result = -pthread_create(&killer->thread, NULL, run, killer);
    if (result < 0) {
        free(killer);
        return result;
    }
    *made = killer;
    return divide_cores(killer->thread);
}

int64_t kb_killer_kill(struct kb_killer *killer, int fd, int reset, int64_t pause_ns) {
    killer->fd = fd;
    killer->reset = reset;
    killer->pause_ns = pause_ns;
    sem_post(&killer->ordered);
    await(&killer->done);
    return killer->result;
}

int kb_killer_close(struct kb_killer *killer) {
    killer->fd = -1;
    sem_post(&killer->ordered);
    pthread_join(killer->thread, NULL);
    sem_destroy(&killer->ordered);
    sem_destroy(&killer->done);
    free(killer);
    return 0;
}
