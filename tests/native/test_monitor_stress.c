/*
 * Several threads open, watch, end, unwatch and close links at random, while one thread waits for events. The
 * argument is the number of links. The test checks for each link:
 *  - ka_monitor_unwatch finds the link, or its event, if and only if no event was reported, so none is lost
 *    or doubled;
 *  - no verdict is later than the return of ka_monitor_unwatch;
 *  - the event fits what was done to the link, so none belongs to another link.
 */
#include "loopback.h"

#include "check.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#define THREADS 4
#define SLOTS 24
#define CAPACITY_MAX 8
#define DEFAULT_LINKS 10000

static const struct ka_watch_config BACKUP = {.role = KA_ROLE_BACKUP, .suspect_probes = 3};

/* Judged on the detector's thread. The peers don't read, and don't live long enough for that to matter. */
static const struct ka_watch_config PROBING = {.role = KA_ROLE_BACKUP,
                                               .suspect_probes = 3,
                                               .liveness = KA_LIVENESS_HOST,
                                               .probe_interval_ns = 50 * 1000000LL,
                                               .probe_deadline_ns = 60 * 1000000000LL};

/* What was reported about a link. */
struct reported {
    int events;
    int type;
    int cause;
    int64_t verdict_ns;
};

enum fate { ALIVE, CLOSED, RESET, LEFT, VIOLATION, FATES };

/* A place for a link. The thread that holds its lock works on it. */
struct slot {
    pthread_mutex_t lock;
    int in_use;
    uint64_t token;
    int link;
    int peer;
    enum fate fate;
};

static struct ka_monitor *monitor;
static struct slot slots[SLOTS];

static pthread_mutex_t reported_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t reported_changed;
static struct reported *reported;
static int *expected_events; /* by token; each written once, by the thread that closes the link */

static uint64_t link_limit;
static atomic_uint_fast64_t next_token;
static atomic_int over;

/* xorshift */
static uint32_t random_below(uint32_t *state, uint32_t limit) {
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state % limit;
}

static void note(const struct ka_event *event) {
    CHECK_LE(event->token + 1, link_limit);
    pthread_mutex_lock(&reported_lock);
    reported[event->token].events++;
    reported[event->token].type = event->type;
    reported[event->token].cause = event->cause;
    reported[event->token].verdict_ns = event->verdict_ns;
    pthread_cond_broadcast(&reported_changed);
    pthread_mutex_unlock(&reported_lock);
}

static void *wait_for_events(void *unused) {
    (void)unused;
    struct ka_event events[CAPACITY_MAX];
    uint32_t random = 1;
    while (!atomic_load(&over)) {
        int capacity = 1 + (int)random_below(&random, CAPACITY_MAX);
        int count = ka_monitor_wait(monitor, events, capacity, -1);
        CHECK_GE(count, 0);
        for (int i = 0; i < count; i++) {
            note(&events[i]);
        }
    }
    return NULL;
}

static struct reported await_report(uint64_t token) {
    int64_t limit_ns = now_ns() + PATIENCE_MS * 1000000LL;
    struct timespec limit = {.tv_sec = limit_ns / 1000000000, .tv_nsec = limit_ns % 1000000000};
    pthread_mutex_lock(&reported_lock);
    while (reported[token].events == 0) {
        CHECK_EQ(pthread_cond_timedwait(&reported_changed, &reported_lock, &limit),
                 0); /* otherwise an event is lost */
    }
    struct reported copy = reported[token];
    pthread_mutex_unlock(&reported_lock);
    return copy;
}

static void check_report(const struct reported *reported_event, enum fate fate) {
    static const int type[FATES] = {[CLOSED] = KA_EVENT_FAILED,
                                    [RESET] = KA_EVENT_FAILED,
                                    [LEFT] = KA_EVENT_LEFT,
                                    [VIOLATION] = KA_EVENT_VIOLATION};
    static const int cause[FATES] = {[CLOSED] = KA_CAUSE_CLOSED, [RESET] = KA_CAUSE_RESET};
    CHECK_EQ(reported_event->events, 1);
    CHECK_EQ(reported_event->type, type[fate]);
    CHECK_EQ(reported_event->cause, cause[fate]);
}

static const struct ka_watch_config *config_of(uint64_t token) {
    return token % 2 == 0 ? &BACKUP : &PROBING;
}

static void open_link(struct slot *slot, int listener, const struct ka_address *address) {
    uint64_t token = atomic_fetch_add(&next_token, 1);
    if (token >= link_limit) {
        return;
    }
    struct ka_config config = keepalive_config(1, 1, 5);
    slot->link = connect_to(address, &config);
    slot->peer = accept_soon(listener);
    slot->token = token;
    slot->fate = ALIVE;
    slot->in_use = 1;
    CHECK_EQ(ka_monitor_watch(monitor, slot->link, token, config_of(token), NULL), 0);
}

static void kill_link(struct slot *slot, enum fate fate) {
    if (slot->fate != ALIVE) {
        return;
    }
    slot->fate = fate;
    if (fate == CLOSED) {
        CHECK_EQ(shutdown(slot->peer, SHUT_WR), 0);
    } else if (fate == RESET) {
        close_with_reset(slot->peer);
        slot->peer = -1;
    } else {
        CHECK_EQ(ka_send(slot->peer, fate == LEFT ? 'G' : 'x'), 1);
    }
}

static void close_link(struct slot *slot) {
    struct ka_event untaken = {0};
    int found = ka_monitor_unwatch(monitor, slot->link, NULL, &untaken);
    int64_t unwatched_ns = now_ns();
    close_with_reset(slot->link); /* no TIME_WAIT: thousands of them would use up the ports */
    if (found < 0) {
        CHECK_EQ(found, -ENOENT);
        struct reported event = await_report(slot->token);
        check_report(&event, slot->fate);
        CHECK_LE(event.verdict_ns, unwatched_ns);
    } else if (found > 0) {
        struct reported event = {1, untaken.type, untaken.cause, untaken.verdict_ns};
        check_report(&event, slot->fate);
        CHECK_EQ(untaken.token, slot->token);
    }
    expected_events[slot->token] = found < 0 ? 1 : 0;
    if (slot->peer >= 0) {
        CHECK_EQ(ka_close(slot->peer), 0);
    }
    slot->in_use = 0;
}

/* A link that was ended and not unwatched is reported. */
static void outlive_link(struct slot *slot) {
    if (slot->fate != ALIVE) {
        struct reported event = await_report(slot->token);
        check_report(&event, slot->fate);
        CHECK_EQ(ka_monitor_unwatch(monitor, slot->link, NULL, NULL), -ENOENT);
        close_link(slot);
    }
}

static void watch_again(const struct slot *slot) {
    if (slot->fate == ALIVE) {
        CHECK_EQ(ka_monitor_watch(monitor, slot->link, slot->token, config_of(slot->token), NULL), -EEXIST);
    }
}

static void act(struct slot *slot, uint32_t *random) {
    switch (random_below(random, 8)) {
    case 0:
        watch_again(slot);
        break;
    case 1:
        CHECK_EQ(ka_monitor_wake(monitor), 0);
        break;
    case 2:
        close_link(slot);
        break;
    case 3:
    case 4:
        outlive_link(slot);
        break;
    case 5: /* a race between event and unwatch */
        kill_link(slot, (enum fate)(1 + random_below(random, FATES - 1)));
        close_link(slot);
        break;
    default:
        kill_link(slot, (enum fate)(1 + random_below(random, FATES - 1)));
    }
}

static void *work(void *seed) {
    struct ka_address address;
    int listener = listen_on_loopback(4, &address);
    uint32_t random = *(uint32_t *)seed;
    while (atomic_load(&next_token) < link_limit) {
        struct slot *slot = &slots[random_below(&random, SLOTS)];
        pthread_mutex_lock(&slot->lock);
        if (slot->in_use) {
            act(slot, &random);
        } else {
            open_link(slot, listener, &address);
        }
        pthread_mutex_unlock(&slot->lock);
    }
    CHECK_EQ(ka_close(listener), 0);
    return NULL;
}

static void set_up(void) {
    pthread_condattr_t monotonic;
    CHECK_EQ(pthread_condattr_init(&monotonic), 0);
    CHECK_EQ(pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC), 0);
    CHECK_EQ(pthread_cond_init(&reported_changed, &monotonic), 0);
    CHECK_EQ(pthread_condattr_destroy(&monotonic), 0);
    for (int i = 0; i < SLOTS; i++) {
        CHECK_EQ(pthread_mutex_init(&slots[i].lock, NULL), 0);
    }
    reported = calloc(link_limit, sizeof *reported);
    expected_events = calloc(link_limit, sizeof *expected_events);
    CHECK(reported != NULL && expected_events != NULL);
    CHECK_EQ(ka_monitor_open(&monitor), 0);
}

static void run_threads(void) {
    pthread_t waiting;
    pthread_t working[THREADS];
    uint32_t seeds[THREADS];
    CHECK_EQ(pthread_create(&waiting, NULL, wait_for_events, NULL), 0);
    for (uint32_t i = 0; i < THREADS; i++) {
        seeds[i] = (uint32_t)now_ns() | 1;
        CHECK_EQ(pthread_create(&working[i], NULL, work, &seeds[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        CHECK_EQ(pthread_join(working[i], NULL), 0);
    }
    for (int i = 0; i < SLOTS; i++) {
        if (slots[i].in_use) {
            close_link(&slots[i]);
        }
    }
    atomic_store(&over, 1);
    CHECK_EQ(ka_monitor_wake(monitor), 0);
    CHECK_EQ(pthread_join(waiting, NULL), 0);
}

static void check_all_reported(void) {
    int events = 0;
    for (uint64_t token = 0; token < link_limit; token++) {
        CHECK_EQ(reported[token].events, expected_events[token]);
        events += reported[token].events;
    }
    printf("%d of %d links reported\n", events, (int)link_limit);
    CHECK_GE(events, 1);
}

int main(int argc, char **argv) {
    int descriptors = count_descriptors();
    link_limit = argc > 1 ? strtoull(argv[1], NULL, 10) : DEFAULT_LINKS;
    set_up();
    run_threads();
    check_all_reported();
    CHECK_EQ(ka_monitor_close(monitor), 0);
    CHECK_EQ(count_descriptors(), descriptors);
    free(reported);
    free(expected_events);
    return 0;
}
