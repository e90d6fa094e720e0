/* What a queue of events keeps while nobody takes them. */
#include "event_queue.h"

#include "check.h"

#include <string.h>

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

int main(void) {
    struct ka_event_queue queue = {0};
    CHECK_EQ(ka_event_queue_reserve(&queue, 3), 0);
    check_order(&queue);
    check_short_suspicion(&queue);
    check_last_request(&queue);
    check_removal(&queue);
    check_untold(&queue);
    ka_event_queue_free(&queue);
    return 0;
}
