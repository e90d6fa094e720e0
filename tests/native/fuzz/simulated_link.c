#include "simulated_link.h"

#include "clock.h"

#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

/* include/net/tcp_states.h */
enum { TCP_ESTABLISHED = 1, TCP_CLOSE = 7 };

#define JIFFY_NS (4 * KA_NS_PER_MS)

struct sim sim;

void sim_start(int64_t now_ns) {
    memset(&sim, 0, sizeof sim);
    sim.now_ns = now_ns;
    sim.knows_window = 1;
    for (int fd = 0; fd < END_COUNT; fd++) {
        sim.end[fd].window = 65536;
    }
}

void sim_arrive(int fd, uint8_t byte) {
    struct sim_end *end = &sim.end[fd];
    if (end->inbox_count < INBOX_SIZE) {
        end->inbox[end->inbox_count++] = byte;
    }
}

static void drop_first(uint8_t *bytes, size_t *count, size_t dropped) {
    *count -= dropped;
    memmove(bytes, bytes + dropped, *count);
}

void sim_deliver(int from, size_t count) {
    struct sim_end *end = &sim.end[from];
    if (count > 0 && end->on_way_count > 0) {
        sim_acknowledge(1 - from); /* the data carries the acknowledgement */
    }
    for (; count > 0 && end->on_way_count > 0; count--) {
        sim_arrive(1 - from, end->on_way[0]);
        drop_first(end->on_way, &end->on_way_count, 1);
    }
}

void sim_acknowledge(int from) {
    sim.end[from].unacked = sim.end[from].on_way_count;
    sim.end[from].soft_error = 0;
    sim.end[from].resends = 0;
}

void sim_resend(int from, int is_loss_probe) {
    struct sim_end *end = &sim.end[from];
    if (end->unacked > 0) {
        end->sent_ns = sim.now_ns;
        end->resends += !is_loss_probe;
    }
}

uint32_t sim_sent_ms_ago(const struct sim_end *end) {
    return (uint32_t)((sim.now_ns / JIFFY_NS - end->sent_ns / JIFFY_NS) * (JIFFY_NS / KA_NS_PER_MS));
}

void sim_reset(int fd, int error) {
    sim.end[fd].error = error;
    sim.end[fd].is_reset = 1;
    sim.end[fd].soft_error = 0;
}

static struct sim_end *end_of(int fd) {
    INVARIANT(fd >= 0 && fd < END_COUNT);
    return &sim.end[fd];
}

static int take_error(struct sim_end *end) {
    int error = end->error;
    end->error = 0;
    end->fin = 1;
    return error;
}

int __wrap_clock_gettime(clockid_t clock, struct timespec *time);
int __wrap_clock_gettime(clockid_t clock, struct timespec *time) {
    INVARIANT(clock == CLOCK_MONOTONIC);
    time->tv_sec = sim.now_ns / KA_NS_PER_S;
    time->tv_nsec = sim.now_ns % KA_NS_PER_S;
    return 0;
}

ssize_t __wrap_recv(int fd, void *bytes, size_t size, int flags);
ssize_t __wrap_recv(int fd, void *bytes, size_t size, int flags) {
    INVARIANT(flags == MSG_DONTWAIT);
    struct sim_end *end = end_of(fd);
    if (end->inbox_count == 0 && end->fin && end->error == 0) {
        return 0;
    }
    if (end->inbox_count == 0) {
        errno = end->error != 0 ? take_error(end) : EAGAIN;
        return -1;
    }
    size_t count = size < end->inbox_count ? size : end->inbox_count;
    memcpy(bytes, end->inbox, count);
    drop_first(end->inbox, &end->inbox_count, count);
    sim.largest_read = count > sim.largest_read ? count : sim.largest_read;
    return (ssize_t)count;
}

ssize_t __wrap_send(int fd, const void *bytes, size_t size, int flags);
ssize_t __wrap_send(int fd, const void *bytes, size_t size, int flags) {
    struct sim_end *end = end_of(fd);
    INVARIANT(size >= 1 && size <= 2 && flags == (MSG_DONTWAIT | MSG_NOSIGNAL));
    if (end->error != 0) {
        end->send_error = take_error(end);
    }
    if (end->send_error == 0 && (end->window == 0 || end->on_way_count + size > sizeof end->on_way)) {
        end->send_error = EAGAIN;
    }
    for (size_t i = 0; i < size; i++) {
        sim.on_send(fd, ((const uint8_t *)bytes)[i], end->send_error == 0);
    }
    if (end->send_error != 0) {
        errno = end->send_error;
        end->send_error = 0;
        return -1;
    }
    end->sent++;
    end->sent_ns = sim.now_ns;
    end->unacked++;
    memcpy(&end->on_way[end->on_way_count], bytes, size);
    end->on_way_count += size;
    return (ssize_t)size;
}

int __wrap_getsockopt(int fd, int level, int name, void *value, socklen_t *length);
int __wrap_getsockopt(int fd, int level, int name, void *value, socklen_t *length) {
    struct sim_end *end = end_of(fd);
    if (level == SOL_SOCKET && name == SO_KEEPALIVE) {
        *(int *)value = 0;
        return 0;
    }
    if (level == SOL_SOCKET) {
        INVARIANT(name == SO_ERROR);
        *(int *)value = end->error != 0 ? take_error(end) : end->soft_error;
        end->soft_error = 0;
        return 0;
    }
    INVARIANT(level == IPPROTO_TCP && name == TCP_INFO);
    struct tcp_info info = {.tcpi_state = end->is_reset ? TCP_CLOSE : TCP_ESTABLISHED,
                            .tcpi_retransmits = (uint8_t)end->resends,
                            .tcpi_unacked = (uint32_t)end->unacked,
                            .tcpi_last_data_sent = sim_sent_ms_ago(end),
                            .tcpi_snd_wnd = end->window};
    socklen_t known = sim.knows_window ? sizeof info : offsetof(struct tcp_info, tcpi_snd_wnd);
    *length = known < *length ? known : *length;
    memcpy(value, &info, *length);
    return 0;
}

int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t length);
int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t length) {
    (void)end_of(fd);
    INVARIANT(level == IPPROTO_TCP && name == TCP_QUICKACK);
    INVARIANT(length == sizeof(int) && *(const int *)value == 1);
    return 0;
}
