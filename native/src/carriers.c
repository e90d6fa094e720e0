#include "carriers.h"

#include "carrier.h"
#include "rtnetlink.h"

#include <errno.h>
#include <unistd.h>

/* How often the kernel is asked again because its answers, too, were too many. */
#define MOST_ROUNDS 3

static int depends_on(const struct ka_watch *watch, int32_t interface) {
    return watch != NULL && watch->interface == interface;
}

static void judge(void *context, const struct ka_carrier *carrier) {
    struct ka_set *set = context;
    for (int i = 0; i < set->by_fd_size; i++) {
        struct ka_watch *watch = set->by_fd[i];
        if (depends_on(watch, carrier->interface)) {
            watch->carrier_unsure = 0;
            ka_carrier_judge(watch, carrier);
            ka_deadline_heap_update(&set->deadlines, watch);
            if (watch->deadline_ns < set->wait_end_ns) {
                ka_set_wake(set);
            }
        }
    }
}

static void doubt_all(struct ka_set *set) {
    for (int i = 0; i < set->by_fd_size; i++) {
        if (set->by_fd[i] != NULL) {
            set->by_fd[i]->carrier_unsure = set->by_fd[i]->interface > 0;
        }
    }
}

/* Asks for each interface once: its answer is one for all links that depend on it. The answer is there once
 * the question is sent, and is read before the next, so that a thousand answers don't fill the queue. */
static int ask_all(struct ka_set *set) {
    int result = 0;
    doubt_all(set);
    for (int i = 0; i < set->by_fd_size; i++) {
        struct ka_watch *watch = set->by_fd[i];
        if (watch != NULL && watch->carrier_unsure) {
            watch->carrier_unsure = 0;
            int asked = ka_carrier_ask(set->carrier_fd, watch->interface);
            int told = ka_carrier_read(set->carrier_fd, judge, set);
            result = asked < 0 ? asked : told < 0 ? told : result;
        }
    }
    return result;
}

void ka_carriers_judge(struct ka_set *set) {
    int result = ka_carrier_read(set->carrier_fd, judge, set);
    for (int i = 0; result < 0 && i < MOST_ROUNDS; i++) {
        result = ask_all(set);
    }
}

static int is_heard_of(const struct ka_set *set, int32_t interface) {
    for (int i = 0; i < set->carrier_count && i < KA_CARRIER_MOST; i++) {
        if (set->carriers[i] == interface) {
            return 1;
        }
    }
    return set->carrier_count > KA_CARRIER_MOST;
}

static void add_carrier(struct ka_set *set, int32_t interface) {
    if (interface > 0 && !is_heard_of(set, interface)) {
        if (set->carrier_count < KA_CARRIER_MOST) {
            set->carriers[set->carrier_count] = interface;
        }
        set->carrier_count++;
    }
}

/* Forgets the interfaces of links that are gone, unless there have been too many once. */
static int hear_of(struct ka_set *set, int32_t interface) {
    if (is_heard_of(set, interface)) {
        return 0;
    }
    set->carrier_count = 0;
    add_carrier(set, interface);
    for (int i = 0; i < set->by_fd_size; i++) {
        if (set->by_fd[i] != NULL) {
            add_carrier(set, set->by_fd[i]->interface);
        }
    }
    int result = ka_carrier_filter(set->carrier_fd, set->carriers, set->carrier_count);
    if (result < 0) {
        set->carrier_count = 0; /* for the next one to try again */
    }
    return result;
}

static int open_socket(struct ka_set *set, int link_fd) {
    int fd = ka_carrier_open(link_fd);
    if (fd < 0) {
        return fd;
    }
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = KA_CARRIERS_KEY};
    if (epoll_ctl(set->epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0) {
        int result = -errno;
        close(fd);
        return result;
    }
    set->carrier_fd = fd;
    return 0;
}

/* What the kernel told before isn't about the link that is to be added. */
static int take_earlier(struct ka_set *set, int link_fd) {
    ka_carriers_judge(set);
    return ka_rtnetlink_check_namespace(set->carrier_fd, link_fd);
}

int ka_carriers_hear(struct ka_set *set, int link_fd, int32_t interface) {
    int result = set->carrier_fd >= 0 ? take_earlier(set, link_fd) : open_socket(set, link_fd);
    return result < 0 ? result : hear_of(set, interface);
}
