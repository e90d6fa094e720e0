#include "options.h"

#include "gtsm.h"

#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* Since Linux 6.15. The build machine's linux/tcp.h may be older. */
#ifndef TCP_RTO_MIN_US
#define TCP_RTO_MIN_US 45
#endif
#ifndef TCP_DELACK_MAX_US
#define TCP_DELACK_MAX_US 46
#endif

/* The kernel takes values longer than a jiffy only (tcp_rto_min_us(), tcp_delack_max_us()). Longer timers
 * would slow fast detection down. */
#define SHORT_TIMER_US 5000

struct option_spec {
    int level;
    int name;
    int64_t min;
    int64_t max;
};

static const struct option_spec SPEC[KA_OPTION_COUNT] = {
    [KA_SO_KEEPALIVE] = {SOL_SOCKET, SO_KEEPALIVE, 0, 1},
    [KA_TCP_KEEPCNT] = {IPPROTO_TCP, TCP_KEEPCNT, 1, 127},
    [KA_TCP_KEEPIDLE] = {IPPROTO_TCP, TCP_KEEPIDLE, 1, 32767},
    [KA_TCP_KEEPINTVL] = {IPPROTO_TCP, TCP_KEEPINTVL, 1, 32767},
    [KA_TCP_USER_TIMEOUT] = {IPPROTO_TCP, TCP_USER_TIMEOUT, 0, INT32_MAX},
    [KA_TCP_SYNCNT] = {IPPROTO_TCP, TCP_SYNCNT, 1, 127},
    [KA_TCP_NODELAY] = {IPPROTO_TCP, TCP_NODELAY, 0, 1},
    [KA_SO_MARK] = {SOL_SOCKET, SO_MARK, 0, UINT32_MAX},
    [KA_TCP_RTO_MIN_US] = {IPPROTO_TCP, TCP_RTO_MIN_US, 1, 200000},
    [KA_SINGLE_HOP] = {0, 0, 0, 1}, /* several socket options: gtsm.c */
};

/* Called before the first setsockopt, so that a bad value changes nothing. */
static int check_ranges(const struct ka_config *config, int32_t *failed) {
    for (int32_t i = 0; i < KA_OPTION_COUNT; i++) {
        int64_t value = config->option[i];
        if (value != KA_UNSET && (value < SPEC[i].min || value > SPEC[i].max)) {
            *failed = i;
            return -EINVAL;
        }
    }
    if (memchr(config->device, 0, KA_DEVICE_SIZE) == NULL) {
        *failed = KA_STEP_BINDTODEVICE;
        return -EINVAL;
    }
    return 0;
}

static int set_option(int fd, const struct option_spec *spec, int64_t value) {
    uint32_t word = (uint32_t)value;
    return setsockopt(fd, spec->level, spec->name, &word, sizeof word) < 0 ? -errno : 0;
}

static int bind_to_device(int fd, const char *device) {
    if (device[0] == 0) {
        return 0;
    }
    return setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, device, (socklen_t)strlen(device) + 1) < 0 ? -errno
                                                                                                  : 0;
}

int ka_apply(int fd, const struct ka_config *config, int32_t *failed) {
    int result = check_ranges(config, failed);
    for (int32_t i = 0; result == 0 && i < KA_OPTION_COUNT; i++) {
        if (config->option[i] != KA_UNSET) {
            *failed = i;
            result = i == KA_SINGLE_HOP ? ka_set_single_hop(fd, (int)config->option[i])
                                        : set_option(fd, &SPEC[i], config->option[i]);
        }
    }
    if (result == 0) {
        *failed = KA_STEP_BINDTODEVICE;
        result = bind_to_device(fd, config->device);
    }
    return result;
}

int ka_set_options(int fd, const struct ka_config *config, int32_t *failed) {
    return ka_apply(fd, config, failed);
}

int ka_set_user_timeout(int fd, int timeout_ms) {
    return timeout_ms < 0 ? -EINVAL : set_option(fd, &SPEC[KA_TCP_USER_TIMEOUT], timeout_ms);
}

int ka_read_option(int fd, enum ka_option option, int64_t *value) {
    if (option == KA_SINGLE_HOP) {
        return ka_read_single_hop(fd, value);
    }
    uint32_t word = 0;
    socklen_t length = sizeof word;
    if (getsockopt(fd, SPEC[option].level, SPEC[option].name, &word, &length) < 0) {
        return -errno;
    }
    *value = word;
    return 0;
}

static int read_device(int fd, char *device) {
    socklen_t length = KA_DEVICE_SIZE;
    memset(device, 0, KA_DEVICE_SIZE);
    return getsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, device, &length) < 0 ? -errno : 0;
}

int ka_effective(int fd, struct ka_config *config) {
    for (int i = 0; i < KA_OPTION_COUNT; i++) {
        int result = ka_read_option(fd, (enum ka_option)i, &config->option[i]);
        if (result == -ENOPROTOOPT) {
            config->option[i] = KA_UNSET;
        } else if (result < 0) {
            return result;
        }
    }
    int result = read_device(fd, config->device);
    return result < 0 ? result : ka_local_address(fd, &config->source);
}

int ka_jiffy_us(void) {
    struct timespec tick; /* the coarse clock advances once a jiffy: clock_getres(2) */
    return clock_getres(CLOCK_MONOTONIC_COARSE, &tick) < 0 ? -errno : (int)(tick.tv_nsec / 1000);
}

static int short_timer_us(void) {
    int least_us = ka_jiffy_us() + 1000;
    return least_us > SHORT_TIMER_US ? least_us : SHORT_TIMER_US;
}

int ka_rto_min_us(void) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return -errno;
    }
    int least_us = short_timer_us();
    int result = set_option(fd, &SPEC[KA_TCP_RTO_MIN_US], least_us);
    close(fd);
    return result == 0 ? least_us : -ENOPROTOOPT;
}

void ka_shorten_ack_timers(int listener) {
    int least_us = short_timer_us();
    setsockopt(listener, IPPROTO_TCP, TCP_RTO_MIN_US, &least_us, sizeof least_us);
    setsockopt(listener, IPPROTO_TCP, TCP_DELACK_MAX_US, &least_us, sizeof least_us);
}
