#include "clock.h"
#include "timeout.h"
#include "watch.h"

#include <errno.h>
#include <poll.h>

int ka_classify(int fd, const struct ka_watch_config *config, struct ka_event *event) {
    struct ka_watch_config silent = {.role = config->role};
    struct ka_watch watch;
    int result = ka_watch_init(&watch, fd, 0, &silent);
    if (result == 0) {
        result = ka_watch_ready(&watch, event);
    }
    return result;
}

/* Returns 1 when the link has something final to say, 0 to go on, or -errno. */
static int poll_once(struct ka_watch *watch, int64_t deadline_ns, struct ka_event *event) {
    struct pollfd entry = {.fd = watch->fd, .events = POLLIN | POLLRDHUP};
    int ready = poll(&entry, 1, ka_ms_until(deadline_ns));
    if (ready < 0) {
        return errno == EINTR ? 0 : -errno;
    }
    if (ready == 0) {
        return 0;
    }
    int result = ka_watch_ready(watch, event);
    return result > 0 && !ka_is_final(event) ? 0 : result;
}

int ka_await(int fd, const struct ka_watch_config *config, int timeout_ms, struct ka_event *event) {
    if (fd < 0) { /* which poll(2) would pass over in silence */
        return -EBADF;
    }
    int64_t deadline_ns = ka_deadline_after_ms(timeout_ms);
    struct ka_watch_config silent = {.role = config->role};
    struct ka_watch watch;
    int result = ka_watch_init(&watch, fd, 0, &silent);
    do {
        if (result == 0) {
            result = poll_once(&watch, deadline_ns, event);
        }
    } while (result == 0 && ka_now_ns() < deadline_ns);
    return result;
}
