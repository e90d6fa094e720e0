/* What a queue of events keeps while nobody takes them. */
#include "event_queue.h"

#include "check.h"

#include <string.h>
#include <time.h>

#define MANY 40000

static struct ka_event event_of(int fd, int type) {
    return (struct ka_event){.token = (uint64_t)fd + 100, .fd = fd, .type = type};
}

static void put(struct ka_event_queue *queue, int fd, int type) {
    struct ka_event event = event_of(fd, type);
    ka_event_queue_put(queue, &event);
}

static void expect(struct ka_event_queue *queue, int fd, int type) {
    struct ka_event event;
    CHECK_EQ(ka_event_queue_take(queue, &event, 1), 1);
    CHECK_EQ(event.fd, fd);
    CHECK_EQ(event.type, type);
}

static void expect_empty(struct ka_event_queue *queue) {
    struct ka_event event;
    CHECK_EQ(ka_event_queue_take(queue, &event, 1), 0);
}

static void check_order(struct ka_event_queue *queue) {
    struct ka_event events[8];
    put(queue, 1, KA_EVENT_SUSPECT);
    put(queue, 2, KA_EVENT_FAILED);
    put(queue, 1, KA_EVENT_FAILED);
    expect(queue, 1, KA_EVENT_SUSPECT);
    CHECK_EQ(ka_event_queue_take(queue, events, 8), 2);
    CHECK_EQ(events[0].fd, 2);
    CHECK_EQ(events[1].fd, 1);
    expect_empty(queue);
}

static void check_short_suspicion(struct ka_event_queue *queue) {
    put(queue, 1, KA_EVENT_SUSPECT);
    put(queue, 2, KA_EVENT_SUSPECT);
    put(queue, 1, KA_EVENT_RECOVERED);
    expect(queue, 2, KA_EVENT_SUSPECT);
    put(queue, 2, KA_EVENT_RECOVERED);
    put(queue, 2, KA_EVENT_SUSPECT);
    expect_empty(queue);
}

static void check_last_request(struct ka_event_queue *queue) {
    put(queue, 1, KA_EVENT_HOLD_BACK);
    put(queue, 1, KA_EVENT_SUSPECT);
    put(queue, 1, KA_EVENT_HOLD_BACK);
    expect(queue, 1, KA_EVENT_SUSPECT);
    expect(queue, 1, KA_EVENT_HOLD_BACK);
    expect_empty(queue);
}

static void check_removal(struct ka_event_queue *queue) {
    struct ka_event event;
    memset(&event, 0, sizeof event);
    put(queue, 1, KA_EVENT_SUSPECT);
    put(queue, 2, KA_EVENT_SUSPECT);
    CHECK_EQ(ka_event_queue_remove(queue, 1, &event), 0);
    put(queue, 1, KA_EVENT_LEFT);
    CHECK_EQ(ka_event_queue_remove(queue, 1, &event), 1);
    CHECK_EQ(event.type, KA_EVENT_LEFT);
    CHECK_EQ(ka_event_queue_remove(queue, 1, NULL), 0);
    expect(queue, 2, KA_EVENT_SUSPECT);
    expect_empty(queue);
}

static void check_untold(struct ka_event_queue *queue) {
    struct ka_observation observation = {.suspected = 1};
    ka_event_queue_untell(queue, 1, &observation);
    CHECK_EQ(observation.suspected, 1);
    put(queue, 1, KA_EVENT_SUSPECT);
    put(queue, 2, KA_EVENT_RECOVERED);
    ka_event_queue_untell(queue, 1, &observation);
    CHECK_EQ(observation.suspected, 0);
    ka_event_queue_untell(queue, 2, &observation);
    CHECK_EQ(observation.suspected, 1);
    ka_event_queue_untell(queue, 2, NULL);
    CHECK_EQ(ka_event_queue_remove(queue, 1, NULL), 0);
    CHECK_EQ(ka_event_queue_remove(queue, 2, NULL), 0);
    expect_empty(queue);
}

static double cpu_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The detector's thread puts them while it holds the lock that others wait for. */
static void check_many(struct ka_event_queue *queue) {
    double begin = cpu_seconds();
    for (int fd = 0; fd < MANY; fd++) {
        put(queue, fd, KA_EVENT_SUSPECT);
    }
    for (int fd = MANY - 1; fd >= 0; fd -= 2) {
        put(queue, fd, KA_EVENT_RECOVERED);
    }
    CHECK_EQ(queue->count, MANY / 2);
    for (int fd = 0; fd < MANY; fd += 2) {
        expect(queue, fd, KA_EVENT_SUSPECT);
    }
    expect_empty(queue);
    CHECK(cpu_seconds() - begin < 1);
}

/* Its descriptor's number may be another link's before anybody has taken the end of the first. */
static void check_number_used_again(struct ka_event_queue *queue) {
    struct ka_event event;
    struct ka_event later = {.token = 7, .fd = 1, .type = KA_EVENT_SUSPECT};
    put(queue, 1, KA_EVENT_SUSPECT);
    put(queue, 1, KA_EVENT_FAILED);
    ka_event_queue_put(queue, &later);
    later.type = KA_EVENT_RECOVERED;
    ka_event_queue_put(queue, &later);
    later.type = KA_EVENT_LEFT;
    ka_event_queue_put(queue, &later);
    CHECK_EQ(queue->count, 3);
    CHECK_EQ(ka_event_queue_remove(queue, 1, &event), 1);
    CHECK_EQ(event.token, 7);
    expect_empty(queue);
}

int main(void) {
    struct ka_event_queue queue = {0};
    CHECK_EQ(ka_event_queue_reserve(&queue, 3, 8), 0);
    check_order(&queue);
    check_short_suspicion(&queue);
    check_last_request(&queue);
    check_removal(&queue);
    check_untold(&queue);
    check_number_used_again(&queue);
    CHECK_EQ(ka_event_queue_reserve(&queue, MANY, MANY), 0);
    check_many(&queue);
    ka_event_queue_free(&queue);
    return 0;
}
