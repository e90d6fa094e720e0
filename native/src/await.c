#include "carrier.h"
#include "interface.h"
#include "observation.h"
#include "timeout.h"
#include "wait.h"
#include "watch.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* How often the kernel is asked again because it had told too much. */
#define MOST_ROUNDS 3

/* For an observer without suspicion. */
static int resume(struct ka_watch *watch, int fd, const struct ka_watch_config *config,
                  const struct ka_observation *observation) {
    struct ka_watch_config unsuspicious = *config;
    unsuspicious.suspect_probes = 0;
    return ka_watch_init(watch, fd, 0, &unsuspicious, observation);
}

static int act_if_due(struct ka_watch *watch, struct ka_event *event) {
    return ka_now_ns() >= watch->deadline_ns ? ka_watch_due(watch, event) : 0;
}

/* Nobody hears of the carrier between two calls, so it is looked at. */
static int look_at_carrier(struct ka_watch *watch) {
    int result = watch->interface > 0 ? ka_interface_check(watch->fd, watch->interface) : 0;
    if (result == -ENETDOWN || result == -ENODEV) {
        watch->carrier_lost = 1;
        watch->deadline_ns = 0;
        return 0;
    }
    return result;
}

int ka_classify(int fd, const struct ka_watch_config *config, struct ka_observation *observation,
                struct ka_event *event) {
    struct ka_watch watch;
    int result = resume(&watch, fd, config, observation);
    if (result < 0) {
        return result;
    }
    result = ka_watch_ready(&watch, event);
    if (result == 0) {
        result = look_at_carrier(&watch);
    }
    if (result == 0) {
        result = act_if_due(&watch, event);
    }
    ka_observation_save(&watch, observation);
    return result;
}

static void hear(void *context, const struct ka_carrier *carrier) {
    struct ka_watch *watch = context;
    if (carrier->interface == watch->interface) {
        ka_carrier_judge(watch, carrier);
    }
}

static void read_carrier(struct ka_watch *watch, int carrier_fd) {
    int result = ka_carrier_read(carrier_fd, hear, watch);
    for (int i = 0; result < 0 && i < MOST_ROUNDS; i++) {
        int asked = ka_carrier_ask(carrier_fd, watch->interface);
        int told = ka_carrier_read(carrier_fd, hear, watch);
        result = asked < 0 ? asked : told;
    }
}

/* Makes a socket that tells of the link's carrier, and has told how it is now, unless the link depends on
 * none. Returns 0 or -errno. */
static int open_carrier(const struct ka_watch *watch, int *carrier_fd) {
    if (watch->interface == 0) {
        return 0;
    }
    int fd = ka_carrier_open(watch->fd);
    if (fd < 0) {
        return fd;
    }
    int result = ka_carrier_filter(fd, &watch->interface, 1);
    if (result == 0) {
        result = ka_carrier_ask(fd, watch->interface);
    }
    if (result < 0) {
        close(fd);
        return result;
    }
    *carrier_fd = fd;
    return 0;
}

/* Waits for the descriptor or for the watch's deadline, whichever comes first. Returns as ka_watch_ready. */
static int step(struct ka_watch *watch, int carrier_fd, int wake_fd, int64_t limit_ns,
                struct ka_event *event) {
    int64_t deadline_ns = watch->deadline_ns < limit_ns ? watch->deadline_ns : limit_ns;
    int result = ka_wait_fds_or_wake(watch->fd, POLLIN | POLLRDHUP, carrier_fd, wake_fd, deadline_ns);
    if (result > 0) {
        result = ka_watch_signalled(watch, (uint32_t)result, event);
    } else if (result == KA_SECOND_READY) {
        read_carrier(watch, carrier_fd);
        result = act_if_due(watch, event);
    } else if (result == -ETIME) {
        result = act_if_due(watch, event);
    }
    return result > 0 && !ka_is_final(event) ? 0 : result;
}

int ka_await(int fd, const struct ka_watch_config *config, struct ka_observation *observation, int timeout_ms,
             struct ka_event *event) {
    return ka_await_or_wake(fd, -1, config, observation, timeout_ms, event);
}

int ka_await_or_wake(int fd, int wake_fd, const struct ka_watch_config *config,
                     struct ka_observation *observation, int timeout_ms, struct ka_event *event) {
    if (fd < 0) { /* ppoll(2) would ignore it and wait */
        return -EBADF;
    }
    int64_t limit_ns = ka_deadline_after_ms(timeout_ms);
    struct ka_watch watch;
    int carrier_fd = -1;
    int result = resume(&watch, fd, config, observation);
    if (result == 0) {
        result = open_carrier(&watch, &carrier_fd);
    }
    if (result < 0) {
        return result;
    }
    do {
        result = step(&watch, carrier_fd, wake_fd, limit_ns, event);
    } while (result == 0 && ka_now_ns() < limit_ns);
    if (carrier_fd >= 0) {
        close(carrier_fd);
    }
    ka_observation_save(&watch, observation);
    return result;
}

int ka_wake_open(void) {
    int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

int ka_wake(int wake_fd) {
    return eventfd_write(wake_fd, 1) < 0 ? -errno : 0;
}
