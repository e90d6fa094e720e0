#include "observation.h"
#include "timeout.h"
#include "wait.h"
#include "watch.h"

#include <errno.h>
#include <sys/eventfd.h>

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

int ka_classify(int fd, const struct ka_watch_config *config, struct ka_observation *observation,
                struct ka_event *event) {
    struct ka_watch watch;
    int result = resume(&watch, fd, config, observation);
    if (result < 0) {
        return result;
    }
    result = ka_watch_ready(&watch, event);
    if (result == 0) {
        result = act_if_due(&watch, event);
    }
    ka_observation_save(&watch, observation);
    return result;
}

/* Waits for the descriptor or for the watch's deadline, whichever comes first. Returns as ka_watch_ready. */
static int step(struct ka_watch *watch, int wake_fd, int64_t limit_ns, struct ka_event *event) {
    int64_t deadline_ns = watch->deadline_ns < limit_ns ? watch->deadline_ns : limit_ns;
    int result = ka_wait_fd_or_wake(watch->fd, POLLIN | POLLRDHUP, wake_fd, deadline_ns);
    if (result > 0) {
        result = ka_watch_signalled(watch, (uint32_t)result, event);
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
    int result = resume(&watch, fd, config, observation);
    if (result < 0) {
        return result;
    }
    do {
        result = step(&watch, wake_fd, limit_ns, event);
    } while (result == 0 && ka_now_ns() < limit_ns);
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
